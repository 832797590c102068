// @vitest-environment node
import { expect, test } from 'vitest';
import { REPEATS, reshape } from './schedules';

const DAILY = { repeat: 'day', at: '08:30', zone: 'Asia/Seoul', missed: 'all' };

test.each(REPEATS)('another kind of repetition keeps what does not hang on it: %s', (repeat) => {
  const next = reshape({ ...DAILY, days_off: 'skip' }, repeat);
  expect(next).toMatchObject({ repeat, zone: 'Asia/Seoul', missed: 'all', days_off: 'skip' });
  expect(reshape(DAILY, repeat)).not.toHaveProperty('days_off');
});

test('what comes by the minute cannot come on another day', () => {
  const moved = { ...DAILY, days_off: 'after' };
  expect(reshape(moved, 'month')).toMatchObject({ days_off: 'after' });
  expect(reshape(moved, 'minutes')).not.toHaveProperty('days_off');
});
