/** A schedule as words: `it is 09:00 on the last Friday of the month (Asia/Seoul)`. Pure. */
import { type JSONObject, textAt, textsAt } from '../model/json';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `mon` → Monday, in the language. */
export function dayName(day: string, language: string): string {
  const date = new Date(Date.UTC(2024, 0, 1 + DAYS.indexOf(day)));
  return date.toLocaleDateString(language, { weekday: 'long', timeZone: 'UTC' });
}

type Speaker = {
  readonly inWords: (key: string, slots: Record<string, string>) => string;
  readonly duration: (amount: number, unit: string) => string;
  readonly list: (items: readonly string[], join: 'and' | 'or') => string;
  readonly language: string;
};

const UNITS: Readonly<Record<string, string>> = {
  minutes: 'minutes',
  hours: 'hours',
  day: 'days',
  week: 'weeks',
  month: 'months',
};

export function scheduleText(schedule: JSONObject, speaker: Speaker): string {
  const off = textAt(schedule, 'days_off');
  const when = alone(schedule, speaker);
  return ['skip', 'before', 'after'].includes(off) ? speaker.inWords(`schedule.off.${off}`, { when }) : when;
}

function alone(schedule: JSONObject, speaker: Speaker): string {
  const { inWords, duration, list, language } = speaker;
  const repeat = textAt(schedule, 'repeat');
  const every = schedule['every'];
  const days = textsAt(schedule, 'days');
  const start = textAt(schedule, 'start');
  const named = (join: 'and' | 'or') =>
    list(
      days.map((one) => dayName(one, language)),
      join,
    );
  const zone = textAt(schedule, 'zone') || 'UTC';
  const slots = {
    at: textAt(schedule, 'at'),
    zone,
    start: start === '' ? '…' : dateText(start, language),
    every: typeof every === 'number' ? duration(every, UNITS[repeat] ?? 'days') : '…',
    days: named('and'),
    day: dayOfMonth(schedule, inWords, named('or')),
    cron: textAt(schedule, 'cron'),
    rrule: textAt(schedule, 'rrule') || '…',
  };
  if (repeat === 'minutes' || repeat === 'hours') {
    let when = inWords(`schedule.${repeat}`, slots);
    const [from, to] = textsAt(schedule, 'between');
    if (from !== undefined && to !== undefined) when = inWords('schedule.within', { when, from, to });
    if (days.length > 0) when = inWords('schedule.onDays', { when, days: slots.days });
    return from !== undefined || days.length > 0 ? inWords('schedule.inZone', { when, zone }) : when;
  }
  const seldom = typeof every === 'number' && every > 1 && ['day', 'week', 'month'].includes(repeat);
  if (seldom) return inWords(`schedule.${repeat}Every`, slots);
  const when = inWords(`schedule.${repeat || 'unknown'}`, slots);
  return start === '' || repeat === 'cron' ? when : inWords('schedule.since', { when, start: slots.start });
}

function dayOfMonth(
  schedule: JSONObject,
  inWords: (key: string, slots: Record<string, string>) => string,
  names: string,
): string {
  const { day, nth } = schedule;
  if (typeof nth === 'number') {
    const working = textsAt(schedule, 'days').join() === DAYS.slice(0, 5).join();
    return inWords(`schedule.nth.${nth}`, { days: working ? inWords('schedule.working', {}) : names });
  }
  return day === -1
    ? inWords('schedule.lastDay', {})
    : inWords('schedule.dayOfMonth', { day: String(day ?? '…') });
}

function dateText(day: string, language: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime())
    ? day
    : date.toLocaleDateString(language, { dateStyle: 'medium', timeZone: 'UTC' });
}
