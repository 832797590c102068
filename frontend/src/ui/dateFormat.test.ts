import { expect, test } from 'vitest';
import { datePattern, dateTimePattern } from './dateFormat';

test.each([
  ['en-US', 'MM/DD/YYYY', 'MM/DD/YYYY hh:mm A'],
  ['en-GB', 'DD/MM/YYYY', 'DD/MM/YYYY HH:mm'],
  ['ru', 'DD.MM.YYYY', 'DD.MM.YYYY HH:mm'],
  ['zh', 'YYYY/MM/DD', 'YYYY/MM/DD HH:mm'],
])('dates in %s', (locale, date, time) => {
  expect(datePattern(locale)).toBe(date);
  expect(dateTimePattern(locale)).toBe(time);
});
