/** Where somebody went lately, newest first: kept in this browser, for each person apart. */
import type { Place } from './entries';

const MOST = 6;

function storeName(accountId: number): string {
  return `ruleyard.recent.${accountId}`;
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false;
  const found: Record<string, unknown> = { ...value };
  return (
    ['rules', 'runs', 'records', 'pages'].some((kind) => kind === found['kind']) &&
    typeof found['href'] === 'string' &&
    /^\/(?![/\\])/.test(found['href']) &&
    typeof found['label'] === 'string' &&
    typeof found['hint'] === 'string'
  );
}

export function readRecent(accountId: number): Place[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storeName(accountId)) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isPlace).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function keepRecent(accountId: number, place: Place): void {
  const others = readRecent(accountId).filter((one) => one.href !== place.href);
  try {
    localStorage.setItem(storeName(accountId), JSON.stringify([place, ...others].slice(0, MOST)));
  } catch {
    // Private windows may refuse storage: nothing is remembered then.
  }
}
