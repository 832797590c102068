/** A size in the reader's own units and figures, from kilobytes to terabytes. */
const UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function bytes(size: number, locale: string): string {
  let value = size / 1e3;
  let step = 0;
  while (value >= 1000 && step < UNITS.length - 1) {
    value /= 1000;
    step += 1;
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[step] ?? 'kilobyte',
    maximumFractionDigits: step === 0 || value >= 100 ? 0 : 1,
  }).format(value);
}
