/** Where the reader looks: full size with the start on top at first, the middle kept on resize, cards shown on demand. */
import { useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { CARD, type Drawing } from '../model/drawing';

const TOP = 32;
const MARGIN = 40;
/** Where cards are edited their words stay easy to read; only to look at, a whole drawing says more. */
const SMALLEST = { editing: 0.75, looking: 0.5 } as const;
const MOVE_MS = 180;

export type Purpose = keyof typeof SMALLEST;

/** How long the view takes to move; whoever wants no motion waits for nothing. */
export function moving(ms: number): { duration?: number } {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? {} : { duration: ms };
}

export type View = {
  readonly show: (id: string) => Promise<void>;
  readonly showSlot: (name: string) => Promise<void>;
  readonly fit: () => void;
};

/** `selected` is shown once the canvas knows its size, too: an address may name a step. */
export function useView(
  root: RefObject<HTMLDivElement | null>,
  drawing: Drawing,
  selected: string | null,
  purpose: Purpose,
): View {
  const { setViewport, getViewport, fitBounds } = useReactFlow();
  const latest = useRef(drawing);
  latest.current = drawing;
  const wanted = useRef(selected);
  wanted.current = selected;
  const show = useRef<View['show']>(async () => undefined);

  useEffect(() => {
    const box = root.current;
    if (!box) return;
    let width = 0;
    const observer = new ResizeObserver(() => {
      const now = box.clientWidth;
      if (now === 0 || now === width) return;
      if (width === 0) {
        const { left, right } = latest.current;
        const zoom = Math.max(SMALLEST[purpose], Math.min(1, now / (right - left + 2 * MARGIN)));
        // As much of the drawing as there is room for; the start (at 0) always whole.
        const reach = Math.max(0, (now / 2 - MARGIN) / zoom - CARD.width / 2);
        const middle = Math.max(-reach, Math.min(reach, (left + right) / 2));
        void setViewport({ x: now / 2 - middle * zoom, y: TOP, zoom }).then(() => {
          if (wanted.current !== null) void show.current(wanted.current);
        });
      } else {
        const view = getViewport();
        const moved = setViewport({ ...view, x: view.x + (now - width) / 2 });
        // A panel that opens takes room: the chosen step stays in sight.
        if (now < width)
          void moved.then(() => (wanted.current === null ? undefined : show.current(wanted.current)));
      }
      width = now;
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [root, setViewport, getViewport, purpose]);

  const view = useMemo<View>(() => {
    const bring = async (x: number, y: number, w: number, h: number): Promise<void> => {
      const box = root.current;
      if (!box) return;
      const view = getViewport();
      const left = x * view.zoom + view.x;
      const top = y * view.zoom + view.y;
      const push = (from: number, size: number, room: number): number => {
        if (size + 2 * MARGIN > room) return MARGIN - from;
        if (from < MARGIN) return MARGIN - from;
        return from + size > room - MARGIN ? room - MARGIN - from - size : 0;
      };
      const dx = push(left, w * view.zoom, box.clientWidth);
      const dy = push(top, h * view.zoom, box.clientHeight);
      if (dx === 0 && dy === 0) return;
      await setViewport({ ...view, x: view.x + dx, y: view.y + dy }, moving(MOVE_MS));
    };
    return {
      show: async (id) => {
        const card = latest.current.cards.find((one) => one.id === id);
        if (card) await bring(card.x, card.y, CARD.width, CARD.height);
      },
      showSlot: async (name) => {
        const slot = latest.current.slots.find((one) => one.name === name);
        if (slot) await bring(slot.x - 12, slot.y - 12, 300, 300);
      },
      fit: () => {
        const { left, right, bottom } = latest.current;
        void fitBounds(
          { x: left, y: 0, width: right - left, height: bottom },
          { padding: 0.08, ...moving(MOVE_MS) },
        );
      },
    };
  }, [root, getViewport, setViewport, fitBounds]);
  show.current = view.show;
  return view;
}
