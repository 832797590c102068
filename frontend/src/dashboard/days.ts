/** The parts of a period and what they are called. Days are counted in UTC, wherever the reader is. Pure. */
import { momentFormat, momentText } from '../ui/clock';

/** An hour by the reader's clock; a day by its own date, which in the reader's zone may be another. */
export function partFormat(hourly: boolean, locale: string): Intl.DateTimeFormat {
  return hourly
    ? momentFormat('time', locale)
    : new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

/** When a day of UTC begins by the reader's clock; null where that is midnight. */
export function dayBegins(at: string, locale: string): string | null {
  const begin = new Date(at);
  return begin.getHours() === 0 && begin.getMinutes() === 0 ? null : momentText(begin, 'time', locale);
}
