import { afterEach, expect, test, vi } from 'vitest';
import { dayBegins, partFormat } from './days';

const DAY = '2026-11-22T00:00:00Z';

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  ['America/Los_Angeles', '4:00 PM'],
  ['Asia/Seoul', '9:00 AM'],
  ['Asia/Kolkata', '5:30 AM'],
  ['UTC', null],
])('in %s a day has the date that it was counted for, and begins at %s', (zone, begins) => {
  vi.stubEnv('TZ', zone);
  expect(partFormat(false, 'en-US').format(new Date(DAY))).toBe('Nov 22');
  expect(dayBegins(DAY, 'en-US')).toBe(begins);
});

test('an hour is one of the reader', () => {
  vi.stubEnv('TZ', 'Asia/Seoul');
  expect(partFormat(true, 'en-US').format(new Date('2026-11-22T11:00:00Z'))).toBe('8:00 PM');
});
