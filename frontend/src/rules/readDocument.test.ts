import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileName } from './fileName';
import { jsonFault } from './jsonFault';
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

  test.each([
    ['{\n  "dialect": 1,\n  "name": }', 3, 11],
    ['', 1, 1],
    ['{"a":1', 1, 7],
    ['{"a":1,}', 1, 8],
    ['[1,\n2,\n,3]', 3, 1],
    ['{"a":"b\nc"}', 1, 8],
    ["{'a':1}", 1, 2],
    ['{"a" 1}', 1, 6],
    ['{} x', 1, 4],
    ['[01]', 1, 3],
  ])('%j is refused at line %i, position %i', (text, line, column) => {
    expect(readDocument(text)).toEqual({ kind: 'not-json', line, column });
  });

  test('ten thousand levels deep is placed, not a crash', () => {
    expect(jsonFault('['.repeat(10_000))).toBe(10_000);
  });
});

test('what JSON.parse reads has no fault, and what it refuses has one', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, dirt) => {
      expect(jsonFault(json)).toBeNull();
      const broken = json.slice(0, at % (json.length + 1)) + dirt + json.slice(at % (json.length + 1));
      let readable = true;
      try {
        JSON.parse(broken);
      } catch {
        readable = false;
      }
      expect(jsonFault(broken) === null).toBe(readable);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['Rescue missed callbacks', 'rescue-missed-callbacks.rule.json'],
  ['휴면 고객 재접촉', '휴면-고객-재접촉.rule.json'],
  ['../..', 'rule.rule.json'],
])('the file of %j is %j', (name, expected) => {
  expect(fileName(name)).toBe(expected);
});
