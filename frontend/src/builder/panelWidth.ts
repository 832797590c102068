/** How wide the panel is, in pixels, and where this browser remembers it. */

export const START_PX = 360;
export const END_PX = 640;
export const USUAL_PX = 416;
const STEP_PX = 16;
const KEY = 'ruleyard.panel';

export function clampWidth(wanted: number): number {
  return Math.round(Math.max(START_PX, Math.min(END_PX, wanted)));
}

/** The width after a key; null for a key that does not move the edge. The panel is at the right: left makes it wider. */
export function movedWidth(width: number, key: string): number | null {
  switch (key) {
    case 'ArrowLeft':
      return clampWidth(width + STEP_PX);
    case 'ArrowRight':
      return clampWidth(width - STEP_PX);
    case 'Home':
      return START_PX;
    case 'End':
      return END_PX;
    default:
      return null;
  }
}

export function rememberedWidth(): number {
  try {
    const kept = Number(localStorage.getItem(KEY) ?? USUAL_PX);
    return Number.isFinite(kept) ? clampWidth(kept) : USUAL_PX;
  } catch {
    return USUAL_PX;
  }
}

export function rememberWidth(width: number): void {
  try {
    localStorage.setItem(KEY, String(width));
  } catch {
    // Private windows may refuse storage: the width then lasts until the page closes.
  }
}
