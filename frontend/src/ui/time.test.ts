import { describe, expect, test } from 'vitest';
import { localeOf } from './locale';
import { clockTime, duration, relativeTime, untilTime } from './time';

const NOW = new Date('2026-11-22T14:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);

describe('a moment beside now', () => {
  test.each([
    [10, 'now!'],
    [120, '2 min. ago'],
    [3 * 3600, '3 hr. ago'],
    [86_400, 'yesterday'],
    [-7200, 'in 2 hr.'],
  ])('%i s ago reads %j', (seconds, expected) => {
    expect(relativeTime(ago(seconds), NOW, 'en-US', 'now!')).toBe(expected);
  });

  test('beyond a week is a date', () => {
    expect(relativeTime(ago(20 * 86_400), NOW, 'en-GB', 'now!')).toBe('2 Nov');
  });
});

test.each([
  [38, '38 ms'],
  [1_240, '1.2 sec'],
  [240_000, '4 min'],
  [7_200_000, '2 hr'],
])('%i ms takes %j', (ms, expected) => {
  expect(duration(ms, 'en-US')).toBe(expected);
});

test('another day carries its date', () => {
  expect(clockTime(ago(2 * 86_400), NOW, 'en-GB')).toContain('20 Nov');
});

test.each([
  ['en', ['en-GB', 'ko'], 'en-GB'],
  ['ru', ['en-GB'], 'ru'],
])('%s for a reader of %j is %s', (language, wanted, expected) => {
  expect(localeOf(language, wanted)).toBe(expected);
});

test('the end of a wait is a clock time today, and has its day on other days', () => {
  const noon = new Date(2026, 10, 22, 12, 0);
  expect(untilTime(new Date(2026, 10, 22, 16, 5), noon, 'en-GB')).toBe('16:05');
  expect(untilTime(new Date(2026, 10, 25, 16, 5), noon, 'en-GB')).toBe('25 Nov, 16:05');
});
