/**
 * Was something open over the builder when Escape went down? It takes the press, and may be gone, or going, by the time that
 * the builder hears it: so it is looked for before anybody else hears of the key.
 */
import { useCallback, useLayoutEffect, useRef } from 'react';

/** Over everything, wherever the focus is; what is smaller takes the key only where it has the focus. */
const OVER = '[aria-modal="true"]';
const WITH_FOCUS = '[role="dialog"], [role="menu"], [role="listbox"]';

/** Answers of the key press that is being heard. */
export function useCovered(): (event: KeyboardEvent) => boolean {
  const covered = useRef<{ event: KeyboardEvent; over: boolean } | null>(null);
  // A layout effect: dialogs begin to listen, in the same phase, after it.
  useLayoutEffect(() => {
    const look = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      const at = event.target;
      const over =
        document.querySelector(OVER) !== null || (at instanceof Element && at.closest(WITH_FOCUS) !== null);
      covered.current = { event, over };
    };
    window.addEventListener('keydown', look, { capture: true });
    return () => window.removeEventListener('keydown', look, { capture: true });
  }, []);
  return useCallback((event) => covered.current?.event === event && covered.current.over, []);
}
