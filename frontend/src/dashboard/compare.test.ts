import { expect, test } from 'vitest';
import { compare } from './compare';

test.each([
  [112, 100, { kind: 'more', percent: 12 }],
  [50, 100, { kind: 'fewer', percent: 50 }],
  [100, 100, { kind: 'same', percent: 0 }],
  [5, 0, { kind: 'first', percent: 0 }],
  [0, 0, { kind: 'same', percent: 0 }],
])('%i beside %i', (now, before, expected) => {
  expect(compare(now, before)).toEqual(expected);
});
