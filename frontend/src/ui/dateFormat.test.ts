import { expect, test } from 'vitest';
import { datePattern, dateTimePattern, monthTitle, yearTitle } from './dateFormat';

test.each([
  ['en-US', 'MM/DD/YYYY', 'MM/DD/YYYY hh:mm A'],
  ['en-GB', 'DD/MM/YYYY', 'DD/MM/YYYY HH:mm'],
  ['ru', 'DD.MM.YYYY', 'DD.MM.YYYY HH:mm'],
  ['zh', 'YYYY/MM/DD', 'YYYY/MM/DD HH:mm'],
])('dates in %s', (locale, date, time) => {
  expect(datePattern(locale)).toBe(date);
  expect(dateTimePattern(locale)).toBe(time);
});

test.each([
  ['en-US', 'November 2026', '2026'],
  ['ko-KR', '2026년 11월', '2026년'],
  ['zh-CN', '2026年11月', '2026年'],
  ['ru-RU', 'ноябрь 2026 г.', '2026'],
])('the head of a calendar in %s has the year where readers expect it', (locale, month, year) => {
  expect(monthTitle('2026-11-01', locale)).toBe(month);
  expect(yearTitle('2026-11-01', locale)).toBe(year);
});
