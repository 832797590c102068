/** The text of the first key that has one. */
import type { TFunction } from 'i18next';

/**
 * Null where none has. Each key is asked for by itself: of several at once only the last one is told as missing, and
 * the rooms of the others would never come (see `missingKeyHandler`).
 */
export function firstKnown(
  keys: readonly string[],
  values: Readonly<Record<string, unknown>>,
  t: TFunction,
): string | null {
  for (const key of keys) {
    const text = t(key, { ...values, defaultValue: '' });
    if (text !== '') return text;
  }
  return null;
}
