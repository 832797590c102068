import { expect, test } from 'vitest';
import { commonValues, namesPerson } from './suggestions';

test('a column with few different values offers them, the most frequent first', () =>
  expect(commonValues(['web', 'call', 'web', null, '', 'web', 'call', undefined, 7])).toEqual([
    'web',
    'call',
  ]));

test('a column whose records all differ offers nothing', () =>
  expect(commonValues(['a', 'b', 'c', 'd', 'e'])).toEqual([]));

test('a few records say nothing of a column', () => expect(commonValues(['web', 'web'])).toEqual([]));

test('columns of people are known by their names', () => {
  expect(['owner', 'e_mail', 'created_by'].every(namesPerson)).toBe(true);
  expect(['status', 'budget'].some(namesPerson)).toBe(false);
});
