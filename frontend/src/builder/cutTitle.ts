/** A value that its field is too narrow for is told in full while the pointer rests on it. Knows no field. */
import type { PointerEvent } from 'react';

export function tellCut(event: PointerEvent): void {
  const at = event.target;
  if (!(at instanceof HTMLInputElement)) return;
  const cut = at.scrollWidth > at.clientWidth;
  if (cut && at.type !== 'password') at.title = at.value;
  else at.removeAttribute('title');
}
