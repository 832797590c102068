/** A field's value as a person reads it. Pure. */
export interface ValueWords {
  yes: string;
  no: string;
  empty: string;
}

export function valueText(value: unknown, words: ValueWords): string {
  if (value === null || value === undefined || value === '') return words.empty;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}
