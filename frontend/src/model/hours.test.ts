import { expect, test } from 'vitest';
import { hoursValue, type Kept, keepsRuns, keptHours } from './hours';
import type { JSONObject } from './json';

const read = (hours: JSONObject): Kept => keptHours({ policy: { hours } });

test('a rule without hours runs at any time', () => {
  expect(keptHours({})).toEqual({ kind: 'any' });
  expect(keptHours({ policy: {} })).toEqual({ kind: 'any' });
  expect(hoursValue({ kind: 'any' })).toBeUndefined();
  expect(keepsRuns({ kind: 'any' })).toBe(false);
});

test('it keeps those of a calendar, and waits outside of them unless it says otherwise', () => {
  expect(read({ calendar: 'Office' })).toEqual({ kind: 'calendar', calendar: 'Office', outside: 'wait' });
  expect(read({ calendar: 'Office', outside: 'sleep' })).toMatchObject({ outside: 'wait' });
  expect(keepsRuns(read({ calendar: 'Office', outside: 'skip' }))).toBe(true);
  expect(keepsRuns(read({ calendar: 'Office', outside: 'run' }))).toBe(false);
});

test('or its own: Monday to Friday and the whole day where it does not say which', () => {
  expect(read({})).toEqual({
    kind: 'own',
    zone: 'UTC',
    days: ['mon', 'tue', 'wed', 'thu', 'fri'],
    between: null,
    outside: 'wait',
  });
  expect(read({ zone: 'Asia/Seoul', days: ['sat'], between: ['09:00', '18:00'] })).toMatchObject({
    zone: 'Asia/Seoul',
    days: ['sat'],
    between: ['09:00', '18:00'],
  });
  expect(read({ zone: 'UTC', between: ['09:00'] })).toMatchObject({ between: null });
});

test.each<JSONObject>([
  { calendar: 'Office' },
  { calendar: 'Office', outside: 'run' },
  { zone: 'UTC', days: ['mon', 'sun'], between: ['09:00', '24:00'], outside: 'skip' },
  { zone: 'UTC', days: ['mon'] },
])('what is read is written as it was: %j', (hours) => {
  expect(hoursValue(read(hours))).toEqual(hours);
});
