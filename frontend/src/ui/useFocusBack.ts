/**
 * For dialogs that are drawn only while they are open: what had the focus before has it again when the dialog has gone.
 * (Mantine gives it back only where the dialog was there, closed, before it opened.)
 */
import { useEffect, useRef } from 'react';

/** What the dialog was opened by; of a menu, whose entries are gone by then, the button that opened it. */
function opener(): HTMLElement | null {
  const at = document.activeElement;
  const menu = at?.closest('[role="menu"]');
  const from = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : at;
  return from instanceof HTMLElement ? from : null;
}

export function useFocusBack(opened = true): void {
  const before = useRef<HTMLElement | null>(null);
  // While it is drawn for the first time the focus is still where it was: a moment later the dialog has it.
  const was = useRef(false);
  if (opened && !was.current) before.current = opener();
  was.current = opened;
  useEffect(() => {
    if (!opened) return;
    const from = before.current;
    return () => {
      // It may still be seen going.
      const inside = document.activeElement;
      setTimeout(() => {
        const at = document.activeElement;
        if (at === null || at === document.body || at === inside) from?.focus({ preventScroll: true });
      });
    };
  }, [opened]);
}
