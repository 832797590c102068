import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from './parseJson';

describe('text that is no JSON', () => {
  const table: [string, number, number][] = [
    ['{\n  "a": oops }', 2, 8],
    ['{\n  "dialect": 1,\n  "name": }', 3, 11],
    ['{"a": 1,}', 1, 9],
    ['[1, 2', 1, 6],
    ['{"a" 1}', 1, 6],
    ["{'a':1}", 1, 2],
    ['[1,\n2,\n,3]', 3, 1],
    ['{} x', 1, 4],
    ['', 1, 1],
    ['[01]', 1, 3],
    ['["a\nb"]', 1, 4],
    ['{"a":"b\nc"}', 1, 8],
    ['{"name": "Call', 1, 15],
  ];
  test.each(table)('%j is refused at line %i, column %i', (text, line, column) =>
    expect(parseJson(text)).toEqual({ kind: 'error', line, column }),
  );

  test('ten thousand levels deep is placed, not a crash', () => {
    expect(parseJson('['.repeat(10_000))).toEqual({ kind: 'error', line: 1, column: 10_001 });
  });
});

test('any JSON is read', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toEqual({ kind: 'value', value: JSON.parse(text) });
    }),
  );
});

test('a cut JSON is faulty somewhere in what is left', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, cut) => {
      const whole = JSON.stringify([value]);
      const text = whole.slice(0, cut % whole.length);
      const read = parseJson(text);
      expect(read.kind).toBe('error');
      if (read.kind === 'error') expect(read.column).toBeLessThanOrEqual(text.length + 1);
    }),
  );
});

test('a soiled JSON is refused if and only if JSON.parse refuses it', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, dirt) => {
      const soiled = json.slice(0, at % (json.length + 1)) + dirt + json.slice(at % (json.length + 1));
      let readable = true;
      try {
        JSON.parse(soiled);
      } catch {
        readable = false;
      }
      expect(parseJson(soiled).kind === 'value').toBe(readable);
    }),
    { numRuns: 500 },
  );
});
