/** Today in words: the day of the week, the month and the zone by their names in the language at hand. */
import type { JSONValue } from '../model/json';
import { type Today, todayOf } from '../model/today';

/** 1 Monday … 7 Sunday. */
export function weekdayName(number: number, language: string): string {
  return named(Date.UTC(2024, 0, number), language, { weekday: 'long' });
}

/** 1 January … 12 December, as it stands alone. */
export function monthName(number: number, language: string): string {
  return named(Date.UTC(2024, number - 1, 1), language, { month: 'long' });
}

function named(at: number, language: string, form: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...form, timeZone: 'UTC' }).format(at);
}

/** The place whose time it is: a city in English, elsewhere what the language calls it. */
function placeOf(zone: string, language: string): string {
  const city = (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
  if (language.startsWith('en')) return city;
  try {
    const parts = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: 'shortGeneric' });
    const name = parts.formatToParts(0).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const place = name.replace(/ ?(?:시간|时间)$/, '');
    return /[^\w+:.()\s-]/.test(place) ? place : city;
  } catch {
    return city;
  }
}

/** `Asia/Seoul` → "Seoul time". Names without a place, like UTC, stay. */
export function zoneText(
  zone: string,
  say: (key: string, values?: Record<string, unknown>) => string,
  language: string,
): string {
  return !zone.includes('/') || zone.startsWith('Etc/')
    ? zone
    : say('today.zone', { place: placeOf(zone, language) });
}

/** "today (Seoul time)". */
export function todayText(
  { part, zone }: Today,
  say: (key: string, values?: Record<string, unknown>) => string,
  language: string,
): string {
  return say(`today.said.${part}`, { zone: zoneText(zone, say, language) });
}

/** A value of a part of today; null where it is said like any other value. */
export function todayValue(value: JSONValue, path: string | null, language: string): string | null {
  const part = todayOf(path ?? '')?.part;
  if (typeof value === 'number' && part === 'weekday' && value >= 1 && value <= 7)
    return weekdayName(value, language);
  if (typeof value === 'number' && part === 'month' && value >= 1 && value <= 12)
    return monthName(value, language);
  if (typeof value !== 'string') return null;
  if (part === 'time') return value.slice(0, 5);
  const at = part === 'date' ? new Date(value) : null;
  return at === null || Number.isNaN(at.getTime())
    ? null
    : named(at.getTime(), language, { dateStyle: 'medium' });
}
