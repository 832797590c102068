/** Days and moments of calendars in the reader's language. Pure. */
import { momentText } from '../../ui/clock';
import type { Day, Span } from './draft';

/** `mon` → Monday, or Mon. */
export function dayName(day: Day, locale: string, weekday: 'long' | 'short' = 'long'): string {
  const at = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(day);
  return new Date(Date.UTC(2024, 0, 1 + at)).toLocaleDateString(locale, { weekday, timeZone: 'UTC' });
}

/** `2026-10-09` → Fri, Oct 9; of every year without its day of the week. */
export function dateName(on: string, locale: string, yearly = false): string {
  return new Date(`${on}T00:00:00Z`).toLocaleDateString(locale, {
    ...(yearly ? {} : { weekday: 'short' }),
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
}

/** `2026-10-09` → Fri, 9 Oct 2026. */
export function dateOfYear(on: string, locale: string): string {
  return new Date(`${on}T00:00:00Z`).toLocaleDateString(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

export function clockName(at: string, zone: string, locale: string): string {
  return momentText(at, 'time', locale, { timeZone: zone });
}

export function spanText([from, to]: Span): string {
  return `${from}–${to}`;
}
