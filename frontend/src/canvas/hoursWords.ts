/** The hours of a rule as words: `Monday to Friday, 09:00–18:00 (Asia/Seoul)`. Pure. */
import { hoursOf } from '../model/hours';
import type { JSONObject } from '../model/json';
import { DAYS, dayName } from './scheduleWords';

type Speaker = {
  readonly inWords: (key: string, slots: Record<string, string>) => string;
  readonly list: (items: readonly string[], join: 'and' | 'or') => string;
  readonly language: string;
};

export function hoursText(hours: JSONObject, speaker: Speaker): string {
  const kept = hoursOf(hours);
  if (kept.kind === 'calendar') return speaker.inWords('hours.calendar', { calendar: kept.calendar });
  const days = daysText(kept.days, speaker);
  if (kept.between === null) return speaker.inWords('hours.wholeDay', { days, zone: kept.zone });
  const [from, to] = kept.between;
  return speaker.inWords('hours.own', { days, from, to, zone: kept.zone });
}

/** Three days or more in a row are told by the first and the last. */
export function daysText(chosen: readonly string[], { inWords, list, language }: Speaker): string {
  const days = DAYS.filter((day) => chosen.includes(day));
  const [first = 'mon', last = first] = [days[0], days.at(-1)];
  const row = DAYS.indexOf(last) - DAYS.indexOf(first) + 1 === days.length;
  if (days.length > 2 && row)
    return inWords('hours.days', { first: dayName(first, language), last: dayName(last, language) });
  return list(
    days.map((day) => dayName(day, language)),
    'and',
  );
}
