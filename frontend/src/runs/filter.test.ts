import { expect, test } from 'vitest';
import { isFiltered, toFilter } from './filter';

test('a period becomes the moment where it begins', () => {
  expect(toFilter({ rule: 3, period: '24h' }, new Date('2026-11-22T14:00:00Z'))).toEqual({
    rule_id: 3,
    from: '2026-11-21T14:00:00.000Z',
  });
});

test('a version is one of a rule, and means nothing without it', () => {
  expect(toFilter({ rule: 3, version: 2 }, new Date())).toEqual({ rule_id: 3, version: 2 });
  expect(toFilter({ version: 2 }, new Date())).toEqual({});
});

test('nothing chosen filters nothing', () => {
  expect(toFilter({}, new Date())).toEqual({});
  expect(isFiltered({})).toBe(false);
  expect(isFiltered({ state: 'failed' })).toBe(true);
});
