/** Schedules as sentences in four languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { LANGUAGES } from '../i18n';
import type { JSONObject } from '../model/json';
import { makeWords, NO_TABLES } from './words';

beforeAll(async () => {
  const resources = Object.fromEntries(
    LANGUAGES.map((language) => {
      const file = join(import.meta.dirname, '../i18n', language, 'builder.json');
      return [language, { translation: { builder: JSON.parse(readFileSync(file, 'utf8')) } }];
    }),
  );
  await i18next.init({ lng: 'en', resources, interpolation: { escapeValue: false } });
});

const said = (language: string, schedule: JSONObject): string => {
  const t = i18next.getFixedT(language);
  return makeWords((key, values) => t(`builder.${key}`, values ?? {}), language, NO_TABLES).schedule(
    schedule,
  );
};

const zone = 'Asia/Seoul';
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];
const SCHEDULES: readonly JSONObject[] = [
  { repeat: 'minutes', every: 15 },
  { repeat: 'minutes', every: 30, zone, between: ['09:00', '18:00'], days: ['mon', 'tue'] },
  { repeat: 'weekday', at: '09:00', zone },
  { repeat: 'week', at: '09:00', zone, days: ['mon'], every: 2, start: '2026-11-23' },
  { repeat: 'month', at: '17:00', zone, nth: -1, days: ['fri'] },
  { repeat: 'month', at: '17:00', zone, nth: 1, days: WEEKDAYS },
  { repeat: 'month', at: '17:00', zone, day: -1, every: 3, start: '2026-11-23' },
  { repeat: 'day', at: '08:00', zone, start: '2026-11-23' },
  { repeat: 'rrule', at: '08:00', zone, rrule: 'FREQ=YEARLY' },
];

test('in English', () => {
  expect(SCHEDULES.map((one) => said('en', one))).toEqual([
    'it is time, every 15 minutes',
    'it is time, every 30 minutes, from 09:00 to 18:00, on Monday and Tuesday (Asia/Seoul)',
    'it is 09:00 on a weekday (Asia/Seoul)',
    'it is 09:00 on Monday, every 2 weeks, counted from Nov 23, 2026 (Asia/Seoul)',
    'it is 17:00 on the last Friday of the month (Asia/Seoul)',
    'it is 17:00 on the first working day of the month (Asia/Seoul)',
    'it is 17:00 on the last day of the month, every 3 months, counted from Nov 23, 2026 (Asia/Seoul)',
    'it is 08:00 on any day (Asia/Seoul), from Nov 23, 2026 on',
    'it is 08:00 on a day that FREQ=YEARLY names (Asia/Seoul)',
  ]);
});

test.each(LANGUAGES)('every part of a schedule has its words in %s', (language) => {
  for (const schedule of SCHEDULES) {
    const words = said(language, schedule);
    expect(words).not.toMatch(/schedule\.|duration\.|[{}]|…/);
    for (const part of ['at', 'zone', 'rrule']) {
      const value = schedule[part];
      if (typeof value === 'string') expect(words).toContain(value);
    }
  }
  expect(said(language, { repeat: 'rrule', at: '08:00', zone: 'UTC' })).toContain('…');
});
