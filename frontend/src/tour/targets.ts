/** Which control comes next, for the ring around it: the first of a list that can be seen. */
import type { Step } from './steps';

const TARGETS: Record<Step, readonly string[]> = {
  make: ['[data-tour="new-rule"]', 'nav a[href="/rules"]'],
  start: ['[data-panel] [data-tour="start"]', '[data-card] button'],
  if: ['[role="dialog"] [data-kind="condition"]', 'aside [data-kind="condition"]', '[data-slot]'],
  do: ['[role="dialog"] [data-kind="notify"]', 'aside [data-kind="notify"]', '[data-slot]'],
  test: ['[data-tour="test"]'],
  on: ['[role="dialog"] [data-tour="turn-on"]', '[data-tour="review"]'],
  run: [],
};

function inSight(element: Element): boolean {
  const box = element.getBoundingClientRect();
  return (
    box.width > 0 &&
    box.bottom > 0 &&
    box.right > 0 &&
    box.top < window.innerHeight &&
    box.left < window.innerWidth
  );
}

export function targetOf(step: Step): Element | null {
  for (const selector of TARGETS[step]) {
    const found = [...document.querySelectorAll(selector)].find(inSight);
    if (found) return found;
  }
  return null;
}

/** Brings the keyboard to the control that comes next. */
export function focusTarget(step: Step): void {
  const target = targetOf(step);
  const control = target?.matches('button, a, input') ? target : target?.querySelector('button, a, input');
  if (control instanceof HTMLElement) control.focus();
}
