// @vitest-environment node
import { expect, test } from 'vitest';
import { anyGoing } from './runs';

const page = (...states: string[]) => ({ items: states.map((state) => ({ state })) });

test('items are read once more while one of them is shown as not ended', () => {
  expect(anyGoing([page('succeeded', 'failed'), page('waiting')])).toBe(true);
  expect(anyGoing([page('running')])).toBe(true);
  expect(anyGoing([page('succeeded', 'skipped', 'cancelled', 'failed')])).toBe(false);
  expect(anyGoing([])).toBe(false);
});
