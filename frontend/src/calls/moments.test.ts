import { expect, test } from 'vitest';
import { inHours, localInput, nextMorning } from './moments';

const now = new Date(2026, 10, 30, 17, 5);

test('one calls again in some hours, or the next morning, over the end of a month', () => {
  expect(localInput(now)).toBe('2026-11-30T17:05');
  expect(localInput(inHours(now, 8))).toBe('2026-12-01T01:05');
  expect(localInput(nextMorning(now))).toBe('2026-12-01T09:00');
});
