/**
 * Enter takes the choice that is highlighted. Mantine counts the highlighted choice apart from what it draws, and sets
 * that count by a timer when a list opens: on a busy machine it comes after what was typed and hides the highlighted
 * choice from the Enter key, which then does nothing. Remove this when Mantine's `updateSelectedOptionIndex` has no timer.
 */

/** The code of a key that an input method takes for itself: Safari says only by it that Enter ended a syllable. */
const COMPOSES = 229;

function takeHighlighted(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || event.defaultPrevented || event.isComposing || event.keyCode === COMPOSES)
    return;
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || field.getAttribute('aria-expanded') !== 'true') return;
  const list = document.getElementById(field.getAttribute('aria-controls') ?? '');
  const choice = list?.querySelector<HTMLElement>('[data-combobox-selected]:not([data-combobox-disabled])');
  if (!choice) return;
  event.preventDefault();
  choice.click();
}

/** Hears Enter after everybody else, who may have taken it; until the returned function is called. */
export function hearEnter(): () => void {
  document.addEventListener('keydown', takeHighlighted);
  return () => document.removeEventListener('keydown', takeHighlighted);
}
