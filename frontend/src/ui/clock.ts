/**
 * Moments with their time of day, as the reader's region writes it: "8:05 PM", "오후 8:05", "20:05"; in the morning
 * "8:05 AM" or "08:05". Whatever shows a time of day in a form of its own asks here. Pure.
 */

type Options = Intl.DateTimeFormatOptions;

const DAY = { day: 'numeric', month: 'short' } as const;

/** `day` and `weekday` are for moments of other days; `second` for what happens within a minute. */
const FORMS = {
  time: {},
  second: { second: '2-digit' },
  day: DAY,
  weekday: { ...DAY, weekday: 'short' },
} satisfies Readonly<Record<string, Options>>;

export type MomentForm = keyof typeof FORMS;

const EIGHT = new Date(Date.UTC(2026, 0, 1, 8));
const hours = new Map<string, 'numeric' | '2-digit'>();

/** Two digits only where the region's own short time has them: neither of the two is right in all. */
function hourOf(locale: string): 'numeric' | '2-digit' {
  const known = hours.get(locale);
  if (known) return known;
  const parts = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' }).formatToParts(EIGHT);
  const hour = parts.find((part) => part.type === 'hour')?.value.length === 1 ? 'numeric' : '2-digit';
  hours.set(locale, hour);
  return hour;
}

function options(form: MomentForm, locale: string, more: Options): Options {
  return { ...FORMS[form], hour: hourOf(locale), minute: '2-digit', ...more };
}

/** For many, and for spans of time. */
export function momentFormat(form: MomentForm, locale: string, more: Options = {}): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, options(form, locale, more));
}

/** `more`: another zone than the reader's, its name, the year. */
export function momentText(at: Date | string, form: MomentForm, locale: string, more: Options = {}): string {
  return new Date(at).toLocaleString(locale, options(form, locale, more));
}
