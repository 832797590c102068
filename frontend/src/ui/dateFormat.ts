/** How dates are typed and shown in pickers: the reader's own order of day, month and year. Pure. */

const SLOTS: Readonly<Record<string, string>> = { year: 'YYYY', month: 'MM', day: 'DD' };

/** A pattern of dayjs: `MM/DD/YYYY`, `DD.MM.YYYY`, `YYYY. MM. DD.` */
export function datePattern(locale: string): string {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: '2-digit', day: '2-digit' })
    .formatToParts(new Date(Date.UTC(2024, 0, 1)))
    .map((part) => SLOTS[part.type] ?? (part.type === 'literal' ? part.value : ''))
    .join('');
}

export function dateTimePattern(locale: string): string {
  const half = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 ?? false;
  return `${datePattern(locale)} ${half ? 'hh:mm A' : 'HH:mm'}`;
}
