/** Instants and durations in words of the reader's language. Pure: now is an argument. */
import { momentText } from './clock';

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "just now", "2 min. ago", "in 3 hours"; beyond a week the date. */
export function relativeTime(at: Date, now: Date, language: string, justNow: string): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return justNow;
  if (size > 7 * 86_400) return shortDate(at, now, language);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  for (const [unit, length] of STEPS) {
    if (size >= length * (unit === 'minute' ? 0.75 : 1))
      return format.format(Math.round(seconds / length), unit);
  }
  return justNow;
}

function shortDate(at: Date, now: Date, language: string): string {
  const sameYear = at.getFullYear() === now.getFullYear();
  return at.toLocaleDateString(language, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** Full date and time, for titles and technical places. */
export function fullTime(at: Date, language: string): string {
  return at.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Clock time for today, else date and clock time. */
export function clockTime(at: Date, now: Date, language: string): string {
  const time = momentText(at, 'second', language);
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.toLocaleDateString(language, { day: 'numeric', month: 'short' })}, ${time}`;
}

/** When something ends that may be days away: "16:00" today, else "26 Nov, 16:00". */
export function untilTime(at: Date, now: Date, language: string): string {
  return momentText(at, at.toDateString() === now.toDateString() ? 'time' : 'day', language);
}

function unit(value: number, name: string, language: string, digits: number): string {
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: name,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);
}

/** A length of time in one unit that reads well: "38 ms", "1.2 s", "4 min", "2 h". */
export function duration(ms: number, language: string): string {
  if (ms < 1_000) return unit(Math.round(ms), 'millisecond', language, 0);
  if (ms < 60_000) return unit(ms / 1_000, 'second', language, ms < 10_000 ? 1 : 0);
  if (ms < 3_600_000) return unit(ms / 60_000, 'minute', language, 0);
  if (ms < 172_800_000) return unit(ms / 3_600_000, 'hour', language, 0);
  return unit(ms / 86_400_000, 'day', language, 0);
}
