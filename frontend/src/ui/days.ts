/** Days that the server names by their UTC date, in the reader's own words. */
const FORM = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;

export function day(on: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, FORM).format(new Date(on));
}

export function days(from: string, to: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, FORM).formatRange(new Date(from), new Date(to));
}

/** How long something lasts: in days, and in years where those are whole. */
export function span(count: number, locale: string): string {
  const whole = count >= 365 && count % 365 === 0;
  const form = { style: 'unit', unit: whole ? 'year' : 'day', unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(locale, form).format(whole ? count / 365 : count);
}
