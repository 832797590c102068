import { expect, test } from 'vitest';
import { countedIn, countedOf, countedValue, countingOnly } from './counting';

test('what is counted goes back to what it was, empty ones and yes or no too', () => {
  for (const value of [['new', null], [false], [3, 5], [], [null]]) {
    const counted = countedOf(value);
    expect(counted && countedValue(counted)).toEqual(value);
  }
  expect(countedOf(false)).toEqual({ values: [false], empty: false });
  expect(countedOf(null)).toEqual({ values: [], empty: true });
});

test('an expression is left as it is', () => {
  expect(countedOf({ var: 'after.status' })).toBeNull();
  expect(countedOf(['new', { var: 'after.status' }])).toBeNull();
  expect(countedOf([['new']])).toBeNull();
});

test('another table is counted by a field of its own, and what was counted of the old one goes', () => {
  const fields = { by: 'least_busy', column: 'owner', count_column: 'agent', count_where: { done: [false] } };
  expect(countedIn(fields, 'public.tasks', 'who')).toEqual({
    by: 'least_busy',
    column: 'owner',
    count_table: 'public.tasks',
    count_column: 'who',
  });
  expect(countedIn({ ...fields, count_table: 'public.tasks' }, '', null)).toEqual({
    by: 'least_busy',
    column: 'owner',
  });
});

test('all records are counted where nothing is said', () => {
  expect(countingOnly({ by: 'least_busy' }, { done: [false] })).toEqual({
    by: 'least_busy',
    count_where: { done: [false] },
  });
  expect(countingOnly({ by: 'least_busy', count_where: { done: [false] } }, {})).toEqual({
    by: 'least_busy',
  });
});
