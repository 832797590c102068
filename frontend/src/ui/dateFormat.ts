/** How dates are typed and shown in pickers: the reader's own order of day, month and year. Pure. */

const SLOTS: Readonly<Record<string, string>> = { year: 'YYYY', month: 'MM', day: 'DD' };

/** A pattern of dayjs: `MM/DD/YYYY`, `DD.MM.YYYY`, `YYYY. MM. DD.` */
export function datePattern(locale: string): string {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: '2-digit', day: '2-digit' })
    .formatToParts(new Date(Date.UTC(2024, 0, 1)))
    .map((part) => SLOTS[part.type] ?? (part.type === 'literal' ? part.value : ''))
    .join('');
}

/** The head of a calendar for a day `2026-11-01` in it: `November 2026`, `2026년 11월`, `2026年11月`. */
export function monthTitle(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${day.slice(0, 10)}T00:00:00Z`),
  );
}

/** The head of a calendar's months: `2026`, `2026년`, `2026年`. */
export function yearTitle(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day.slice(0, 10)}T00:00:00Z`),
  );
}

export function dateTimePattern(locale: string): string {
  const half = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 ?? false;
  return `${datePattern(locale)} ${half ? 'hh:mm A' : 'HH:mm'}`;
}
