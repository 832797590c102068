import { expect, test } from 'vitest';
import { pairsOf, readAs, renamed } from './pairs';

const OPERATORS = new Set(['var', 'max', 'preserve']);

test('an object of names is told from an expression, a list, a value', () => {
  expect(pairsOf(undefined, OPERATORS)).toEqual({});
  expect(pairsOf(null, OPERATORS)).toEqual({});
  expect(pairsOf('', OPERATORS)).toEqual({});
  expect(pairsOf({}, OPERATORS)).toEqual({});
  expect(pairsOf({ name: 'Kim' }, OPERATORS)).toEqual({ name: 'Kim' });
  expect(pairsOf({ max: 1, min: 0 }, OPERATORS)).toEqual({ max: 1, min: 0 });
  for (const other of [{ var: 'after' }, { preserve: { max: 1 } }, [1, 2], 'text', 3])
    expect(pairsOf(other, OPERATORS)).toBeNull();
  expect(readAs({ max: 1 }, OPERATORS)).toBe('max');
  expect(readAs({ most: 1 }, OPERATORS)).toBeNull();
});

test('a name that another value has takes nothing away', () => {
  const pairs = { name: 1, age: 2 };
  expect(renamed(pairs, 1, 'name')).toBeNull();
  expect(renamed(pairs, 1, 'age')).toEqual(pairs);
  expect(Object.entries(renamed(pairs, 0, 'first') ?? {})).toEqual([
    ['first', 1],
    ['age', 2],
  ]);
});
