/** How the reader's language writes a number, for fields where one is typed, and parts what stands in a row. Pure. */

export function separators(language: string): { thousandSeparator: string; decimalSeparator: string } {
  const parts = new Intl.NumberFormat(language).formatToParts(12345.6);
  return {
    thousandSeparator: parts.find((part) => part.type === 'group')?.value ?? ',',
    decimalSeparator: parts.find((part) => part.type === 'decimal')?.value ?? '.',
  };
}

/** In a row, without an "and" before the last: more may follow. `Intl`'s own list of units glues Chinese names together. */
export function inRow(language: string, names: readonly string[]): string {
  const [, comma] = new Intl.ListFormat(language).formatToParts(['1', '2', '3']);
  return names.join(comma?.value ?? ', ');
}
