import { describe, expect, test } from 'vitest';
import { fileName } from './fileName';
import { readDocument } from './readDocument';

describe('a pasted document', () => {
  test('is read', () => {
    expect(readDocument('{"name":"x"}')).toEqual({ kind: 'document', value: { name: 'x' } });
  });

  test('that is a list becomes a bundle', () => {
    expect(readDocument('[{"name":"x"}]')).toEqual({ kind: 'document', value: { rules: [{ name: 'x' }] } });
  });

  test('that is no object says so', () => {
    expect(readDocument('42')).toEqual({ kind: 'not-object' });
  });

  test('that is no JSON is refused with its place', () => {
    expect(readDocument('{\n  "dialect": 1,\n  "name": }')).toEqual({
      kind: 'not-json',
      line: 3,
      column: 11,
    });
  });
});

test.each([
  ['Rescue missed callbacks', 'rescue-missed-callbacks.rule.json'],
  ['휴면 고객 재접촉', '휴면-고객-재접촉.rule.json'],
  ['../..', 'rule.rule.json'],
])('the file of %j is %j', (name, expected) => {
  expect(fileName(name)).toBe(expected);
});
