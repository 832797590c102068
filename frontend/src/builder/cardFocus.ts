/** Where the keyboard stands among the cards: which step a key is about, and which card gets the focus next. */
import type { BuilderStore } from './store';

/** Who wished for the focus last gets it: an older wish whose place is drawn later takes it from nobody. */
let wishes = 0;
/** The step whose card is about to get it: keys that come quicker than frames are about that one. */
let coming: string | null = null;

/** The step that a key is about: the one whose card has the focus or gets it now, else the one that is chosen. */
export function stepAtHand(store: BuilderStore): string | null {
  const card = document.activeElement?.closest('[data-card]')?.getAttribute('data-card');
  const { selected } = store.getState();
  return (card === selected ? card : (coming ?? card)) ?? selected;
}

/** Tries in each frame until `focus` says that it is done; gives up after some, or when another place is wished for. */
function focusSoon(focus: () => boolean, frames: number, card: string | null = null): void {
  wishes += 1;
  coming = card;
  const wish = wishes;
  let left = frames;
  const look = (): void => {
    if (wish !== wishes) return;
    if (!focus() && left-- > 0) requestAnimationFrame(look);
    else coming = null;
  };
  requestAnimationFrame(look);
}

/** Puts the focus on a step's card as soon as it is drawn. */
export function focusCard(id: string): void {
  focusSoon(() => focusDrawnCard(id), 30, id);
}

/** Puts the focus on a step's card where what had it is gone, as the menu that the step was chosen in. */
export function focusCardIfLost(id: string): void {
  requestAnimationFrame(() => {
    if (document.activeElement === null || document.activeElement === document.body) focusCard(id);
  });
}

/** Puts the focus on a control that is about to be drawn, where what had it is gone. */
export function focusWhenDrawn(selector: string): void {
  focusSoon(() => {
    const found = document.querySelector<HTMLElement>(selector);
    found?.focus();
    return found !== null;
  }, 60);
}

/** Puts the focus on a step's card at once; false where it is not drawn. */
export function focusDrawnCard(id: string): boolean {
  const button = document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"] button[aria-pressed]`);
  button?.focus({ preventScroll: true });
  return button !== null;
}

/** Puts the focus on the first control of the open tab in the panel, as soon as it is drawn. */
export function focusPanel(): void {
  focusSoon(() => {
    const inside = document.querySelectorAll<HTMLElement>(
      '[data-panel] [role="tabpanel"] :is(input, textarea, button):not(:disabled)',
    );
    const first = [...inside].find((one) => one.getClientRects().length > 0 && !one.dataset['explain']);
    first?.focus();
    return first !== undefined;
  }, 30);
}
