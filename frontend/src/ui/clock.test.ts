import { expect, test } from 'vitest';
import { momentFormat, momentText } from './clock';
import { clockTime, untilTime } from './time';

const MORNING = new Date(2026, 10, 22, 8, 5, 9);
const EVENING = new Date(2026, 10, 22, 20, 5, 9);

// The words for before and after noon differ between the data of browsers: only their digits are looked at.
const digits = (text: string) => text.match(/\d[\d:]*/g)?.join(' ');

test.each([
  ['en-US', '8:05', '8:05'],
  ['en-GB', '08:05', '20:05'],
  ['ko', '8:05', '8:05'],
  ['zh', '08:05', '20:05'],
  ['ru', '08:05', '20:05'],
  ['es', '8:05', '20:05'],
])('a time of day is written as in %s', (locale, morning, evening) => {
  expect(digits(momentText(MORNING, 'time', locale))).toBe(morning);
  expect(digits(momentText(EVENING, 'time', locale))).toBe(evening);
  expect(digits(momentText(MORNING, 'second', locale))).toBe(`${morning}:09`);
  expect(momentText(MORNING, 'weekday', locale)).toContain(morning);
});

test('another form and another zone', () => {
  const at = '2026-11-22T11:05:00Z';
  const seoul = { timeZone: 'Asia/Seoul' };
  expect(momentText(at, 'day', 'en-US', seoul)).toBe('Nov 22, 8:05 PM');
  expect(momentText(at, 'weekday', 'en-GB', seoul)).toBe('Sun 22 Nov, 20:05');
  expect(momentFormat('day', 'en-GB', seoul).formatRange(new Date(at), new Date(at))).toBe('22 Nov, 20:05');
});

test('lists and waits write no zero that the region does not write', () => {
  expect(clockTime(MORNING, EVENING, 'en-US')).toBe('8:05:09 AM');
  expect(clockTime(MORNING, EVENING, 'en-GB')).toBe('08:05:09');
  expect(untilTime(EVENING, MORNING, 'en-US')).toBe('8:05 PM');
  expect(untilTime(new Date(2026, 10, 25, 8, 5), MORNING, 'en-US')).toBe('Nov 25, 8:05 AM');
});
