/** Ctrl+C, Ctrl+X and Ctrl+V on steps. Text that is marked, and fields, keep the browser's own. */
import { useEffect } from 'react';
import { stepAtHand } from './cardFocus';
import type { Commands } from './commands';
import type { BuilderStore } from './store';

const OTHERS =
  'input, textarea, select, [contenteditable]:not([contenteditable="false"]), [role="dialog"], pre, code';

function isElsewhere(): boolean {
  const at = document.activeElement;
  if (at instanceof Element && at.closest(OTHERS)) return true;
  const marked = window.getSelection();
  return marked !== null && !marked.isCollapsed;
}

export function useClipboard(store: BuilderStore, commands: Commands): void {
  useEffect(() => {
    const heard = new AbortController();
    const copy = (event: ClipboardEvent): void => {
      const id = stepAtHand(store);
      if (id !== null && !isElsewhere()) commands.copyInto(event, id);
    };
    const paste = (event: ClipboardEvent): void => {
      if (isElsewhere()) return;
      event.preventDefault();
      commands.pasteText(event.clipboardData?.getData('text/plain') ?? null, stepAtHand(store));
    };
    document.addEventListener('copy', copy, heard);
    document.addEventListener('cut', copy, heard);
    document.addEventListener('paste', paste, heard);
    return () => heard.abort();
  }, [store, commands]);
}
