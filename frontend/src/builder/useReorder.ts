/** Carrying one of several boxes to another place among them, by pointer: mouse, pen or finger. */
import { type PointerEvent, useState } from 'react';

/** Pixels before a press becomes a drag. */
const THRESHOLD = 5;

/** `move(key, index)`: the box before the one that is now at `index`. Boxes carry `data-reorder`, inside one parent. */
export function useReorder(move: (key: string, index: number) => void) {
  const [carried, setCarried] = useState<string | null>(null);
  const grab = (key: string) => (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const box = event.currentTarget.closest<HTMLElement>('[data-reorder]');
    const list = box?.parentElement;
    if (!box || !list) return;
    const grip = event.currentTarget;
    const from = event.clientY;
    let moving = false;
    grip.setPointerCapture(event.pointerId);
    const placeAt = (y: number): number => {
      const boxes = [...list.querySelectorAll<HTMLElement>(':scope > [data-reorder]')];
      const at = boxes.findIndex((one) => {
        const { top, height } = one.getBoundingClientRect();
        return y < top + height / 2;
      });
      return at < 0 ? boxes.length : at;
    };
    const follow = (now: globalThis.PointerEvent): void => {
      if (!moving && Math.abs(now.clientY - from) < THRESHOLD) return;
      if (!moving) setCarried(key);
      moving = true;
    };
    const end = (last: globalThis.PointerEvent): void => {
      grip.removeEventListener('pointermove', follow);
      grip.removeEventListener('pointerup', end);
      grip.removeEventListener('pointercancel', end);
      setCarried(null);
      if (moving && last.type === 'pointerup') move(key, placeAt(last.clientY));
    };
    grip.addEventListener('pointermove', follow);
    grip.addEventListener('pointerup', end);
    grip.addEventListener('pointercancel', end);
  };
  return { carried, grab };
}
