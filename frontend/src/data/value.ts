/** A field's value as a person reads it. Pure. */
export interface ValueWords {
  yes: string;
  no: string;
  empty: string;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

/** Text that looks like an instant is shown in the reader's zone and form. */
function instant(text: string, locale: string): string | null {
  if (!INSTANT.test(text)) return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime())
    ? null
    : at.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}

export function valueText(value: unknown, words: ValueWords, locale: string): string {
  if (value === null || value === undefined || value === '') return words.empty;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'object') return JSON.stringify(value);
  if (typeof value === 'string') return instant(value, locale) ?? value;
  return String(value);
}
