/** Where the tour stands, in this browser, for each person apart. */
import { isStep, type Kept } from './steps';

function storeName(accountId: number): string {
  return `ruleyard.tour.${accountId}`;
}

/** Null: it was not offered yet. */
export function readKept(accountId: number): Kept | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storeName(accountId)) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return null;
    const found: Record<string, unknown> = { ...stored };
    const { ruleId, done } = found;
    return {
      state: found['state'] === 'going' ? 'going' : 'over',
      ruleId: typeof ruleId === 'number' ? ruleId : null,
      done: Array.isArray(done) ? done.filter(isStep) : [],
    };
  } catch {
    return null;
  }
}

export function writeKept(accountId: number, kept: Kept): void {
  try {
    localStorage.setItem(storeName(accountId), JSON.stringify(kept));
  } catch {
    // Private windows may refuse storage: the tour is then offered again.
  }
}
