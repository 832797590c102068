/** The kinds of schedule, and what each holds. Pure. */
import { type JSONObject, textAt } from '../model/json';

export const REPEATS = ['minutes', 'hours', 'day', 'weekday', 'week', 'month', 'cron', 'rrule'] as const;
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The fields that this kind of repetition has; what was filled in stays where it fits. */
export function reshape(schedule: JSONObject, repeat: string): JSONObject {
  const zone = textAt(schedule, 'zone') || 'UTC';
  const stays = staying(schedule, repeat);
  const at = textAt(schedule, 'at') || '09:00';
  switch (repeat) {
    case 'minutes':
      return { repeat, every: 15, zone, ...stays };
    case 'hours':
      return { repeat, every: 1, zone, ...stays };
    case 'week':
      return { repeat, at, days: ['mon'], zone, ...stays };
    case 'month':
      return { repeat, at, day: 1, zone, ...stays };
    case 'cron':
      return { repeat, cron: '0 9 * * 1-5', zone, ...stays };
    case 'rrule':
      return { repeat, at, rrule: 'FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1', zone, ...stays };
    default:
      return { repeat, at, zone, ...stays };
  }
}

/** What of a schedule does not hang on how it repeats. */
function staying(schedule: JSONObject, repeat: string): JSONObject {
  const { missed, days_off: off } = schedule;
  const kept = off !== undefined && (isMoved(repeat) || off === 'run' || off === 'skip');
  return { ...(missed === undefined ? {} : { missed }), ...(kept ? { days_off: off } : {}) };
}

/** Can it come on another day instead? What comes by the minute can only be skipped. */
export function isMoved(repeat: string): boolean {
  return !['minutes', 'hours', 'cron'].includes(repeat);
}

export function without(schedule: JSONObject, ...keys: readonly string[]): JSONObject {
  return Object.fromEntries(Object.entries(schedule).filter(([key]) => !keys.includes(key)));
}

/** Must it say from which date it counts? As core/schedule.py `counts_from_start`. */
export function countsFromStart(schedule: JSONObject): boolean {
  const every = schedule['every'];
  if (textAt(schedule, 'repeat') === 'rrule') return /INTERVAL=|COUNT=/i.test(textAt(schedule, 'rrule'));
  return typeof every === 'number' && every > 1;
}

/** The day's date here, `2026-11-23`. */
export function today(now: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
