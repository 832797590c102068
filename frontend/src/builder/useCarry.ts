/**
 * Carrying a step by pointer, from the palette or from its place: own pointer events, so that mouse, pen and finger
 * work alike. Five pixels before it begins (a long press on touch), the nearest place takes it, Escape lets go.
 */
import { useCallback, useRef } from 'react';
import type { CanvasHandle } from '../canvas/RuleCanvas';
import { type Slot, slotFrom, slotName } from '../model/rule';
import type { BuilderStore } from './store';

const THRESHOLD_PX = 5;
const LONG_PRESS_MS = 250;
/** A finger that holds still moves this much. */
const TREMBLE_PX = 10;
const REACH_PX = 320;

export type Load = {
  readonly label: string;
  readonly carried: string | null;
  readonly drop: (slot: Slot) => void;
};

/** The nearest + on the page, for the list view. */
function nearestOnPage(x: number, y: number): Slot | null {
  let best: { name: string; distance: number } | null = null;
  for (const element of document.querySelectorAll<HTMLElement>('[data-rule-list] [data-slot]')) {
    const box = element.getBoundingClientRect();
    const distance = Math.hypot(box.left + box.width / 2 - x, box.top + box.height / 2 - y);
    const name = element.dataset['slot'];
    if (name && distance <= REACH_PX && (!best || distance < best.distance)) best = { name, distance };
  }
  return best ? slotFrom(best.name) : null;
}

function swallowClick(): void {
  const stop = (event: MouseEvent): void => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener('click', stop, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', stop, { capture: true }), 50);
}

export function useCarry(store: BuilderStore, canvas: { readonly current: CanvasHandle | null }) {
  const ghost = useRef<HTMLDivElement>(null);

  const grab = useCallback(
    (event: React.PointerEvent, load: Load) => {
      if (event.button !== 0 || !store.getState().editing) return;
      const touch = event.pointerType === 'touch';
      const from = { x: event.clientX, y: event.clientY };
      let at = from;
      let carrying = false;
      let press: ReturnType<typeof setTimeout> | null = null;

      const begin = (): void => {
        carrying = true;
        document.body.style.userSelect = 'none';
        store.setState({ drag: { target: null, carried: load.carried, label: load.label }, menuAt: null });
        follow();
      };
      const follow = (): void => {
        if (ghost.current) ghost.current.style.transform = `translate(${at.x + 12}px, ${at.y - 34}px)`;
        const slot = canvas.current?.nearestSlot(at.x, at.y) ?? nearestOnPage(at.x, at.y);
        const target = slot ? slotName(slot) : null;
        const { drag } = store.getState();
        if (drag && drag.target !== target) store.setState({ drag: { ...drag, target } });
      };
      const move = (next: PointerEvent): void => {
        at = { x: next.clientX, y: next.clientY };
        const far = Math.hypot(at.x - from.x, at.y - from.y) >= THRESHOLD_PX;
        if (carrying) follow();
        else if (touch && Math.hypot(at.x - from.x, at.y - from.y) >= TREMBLE_PX) finish();
        else if (!touch && far) begin();
      };
      const finish = (): void => {
        if (press !== null) clearTimeout(press);
        window.removeEventListener('pointermove', move);
        window.removeEventListener('pointerup', drop);
        window.removeEventListener('pointercancel', finish);
        window.removeEventListener('keydown', key, { capture: true });
        window.removeEventListener('touchmove', hold, { capture: true });
        window.removeEventListener('contextmenu', noMenu, { capture: true });
        document.body.style.userSelect = '';
        if (carrying) store.setState({ drag: null });
        carrying = false;
      };
      const drop = (): void => {
        const target = carrying ? (store.getState().drag?.target ?? null) : null;
        if (carrying) swallowClick();
        finish();
        const slot = target === null ? null : slotFrom(target);
        if (slot) load.drop(slot);
      };
      const key = (pressed: KeyboardEvent): void => {
        if (!carrying || pressed.key !== 'Escape') return;
        pressed.stopPropagation();
        swallowClick();
        finish();
      };
      // A finger that carries neither scrolls the page under it nor pans the drawing.
      const hold = (moved: TouchEvent): void => {
        if (!carrying) return;
        if (moved.cancelable) moved.preventDefault();
        moved.stopPropagation();
      };
      // A long press also asks for the browser's own menu.
      const noMenu = (asked: Event): void => asked.preventDefault();
      window.addEventListener('pointermove', move);
      window.addEventListener('pointerup', drop);
      window.addEventListener('pointercancel', finish);
      window.addEventListener('keydown', key, { capture: true });
      if (touch) {
        window.addEventListener('touchmove', hold, { passive: false, capture: true });
        window.addEventListener('contextmenu', noMenu, { capture: true });
        press = setTimeout(begin, LONG_PRESS_MS);
      }
    },
    [store, canvas],
  );
  return { grab, ghost };
}
