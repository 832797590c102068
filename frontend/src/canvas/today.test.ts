/** Today in four languages: the sentence of a condition, and the words of its values and zones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../i18n';
import { conditionWords } from '../model/conditionWords';
import type { JSONValue } from '../model/json';
import { toTree } from '../model/recognise';
import { zoneText } from './today';
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

const today = (part: string, zone = 'Asia/Seoul'): JSONValue => ({ date_part: [{ var: 'now' }, part, zone] });
const wordsOf = (language: string) => {
  const t = i18next.getFixedT(language);
  return makeWords((key, values) => t(`builder.${key}`, values ?? {}), language, NO_TABLES);
};
const said = (language: string, logic: JSONValue): string => conditionWords(toTree(logic), wordsOf(language));

const OPEN: JSONValue = { '<=': ['09:00:00', today('time'), '18:00:00'] };
const DAYS: JSONValue = { in: [today('weekday'), [1, 3]] };
const WORK: JSONValue = { in: [today('weekday'), [1, 2, 3, 4, 5]] };
const REST: JSONValue = { '!': [{ in: [today('weekday'), [6, 7]] }] };
const LATE: JSONValue = { '<': [{ var: 'after.due_on' }, today('date')] };
const SINCE: JSONValue = { '>=': [today('date'), '2026-12-24'] };

test('a condition on today in English', () => {
  const all = [WORK, DAYS, REST, OPEN, LATE, SINCE];
  expect(all.map((logic) => said('en', logic))).toEqual([
    'today (Seoul time) is a weekday',
    'today (Seoul time) is Monday or Wednesday',
    'today (Seoul time) is not Saturday or Sunday',
    'the time of day (Seoul time) is between 09:00 and 18:00',
    'Due on is before today (Seoul time)',
    'today (Seoul time) is no earlier than Dec 24, 2026',
  ]);
  expect(said('en', { '===': [today('month'), 11] })).toBe('the month (Seoul time) is November');
  expect(said('en', { '>': [today('day', 'UTC'), 20] })).toBe('the day of the month (UTC) is more than 20');
});

test.each([
  ['ko', '오늘(대한민국 시간): 월요일 또는 수요일', '현재 시각(대한민국 시간): 09:00 이상 18:00 이하'],
  ['zh', '今天（韩国时间）是星期一或星期三', '当前时刻（韩国时间）在09:00和18:00之间'],
  [
    'ru',
    'сегодня (время: Республика Корея): понедельник или среда',
    'время суток (время: Республика Корея): от 09:00 до 18:00',
  ],
])('in %s', (language, days, open) => {
  expect([said(language, DAYS), said(language, OPEN)]).toEqual([days, open]);
});

describe.each(LANGUAGES)('in %s', (language) => {
  test.each([WORK, REST, OPEN, LATE, SINCE])('the phrase is whole: %j', (logic) => {
    expect(said(language, logic)).not.toMatch(/[{}]|undefined|builder\.|today:|Asia|:00:00/);
  });

  test('what is no part of today is said as it stands', () => {
    const words = wordsOf(language);
    expect(words.value(9, 'today:weekday:UTC')).toBe('9');
    expect(words.value(13, 'today:month:UTC')).toBe('13');
    expect(words.value('soon', 'today:date:UTC')).toBe('soon');
    expect(words.value('x', 'today:day:UTC')).toBe('x');
  });
});

test('a zone that nobody knows is called as it is written', () => {
  const say = (_: string, values: Record<string, unknown> = {}): string => `<${values['place']}>`;
  expect(zoneText('Mars/New_Base', say, 'ko')).toBe('<New Base>');
  expect(zoneText('Etc/GMT+9', say, 'ko')).toBe('Etc/GMT+9');
});
