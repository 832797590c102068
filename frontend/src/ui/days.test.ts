import { expect, test } from 'vitest';
import { day, days, span } from './days';

test('a day is the UTC day, wherever the reader is', () => {
  expect(day('2026-10-05', 'en-GB')).toBe('5 October 2026');
  expect(day('2026-10-05', 'zh-CN')).toBe('2026年10月5日');
  expect(days('2026-10-05', '2026-10-11', 'en-GB').replace(/\s*[–-]\s*/u, '–')).toBe('5–11 October 2026');
});

test.each([
  [1, 'en', '1 day'],
  [90, 'en', '90 days'],
  [365, 'en', '1 year'],
  [730, 'en', '2 years'],
  [400, 'en', '400 days'],
  [31, 'ru', '31 день'],
  [30, 'ko', '30일'],
])('%d days last, in %s: %s', (count, locale, words) => {
  expect(span(count, locale)).toBe(words);
});
