/** Laws of the evaluator, on random logic and data: it never throws, and what is traced is what is evaluated. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiled, evaluate, type JSONValue, trace } from './index';
import { OPERATORS } from './table';

const TEXTS = [
  '',
  ' ',
  'a',
  '3',
  'after.n',
  '2026-11-22',
  '😀',
  'days',
  'constructor',
  '__proto__',
  'toString',
];
const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(...TEXTS),
);
const { logic, data } = fc.letrec<{ logic: JSONValue; data: JSONValue }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('data'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...TEXTS), tie('data'), { maxKeys: 3 }),
  ),
  logic: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.constantFrom<JSONValue>(
      { var: 'after.n' },
      { var: '' },
      { var: 'constructor' },
      { var: '__proto__.x' },
    ),
    fc.array(tie('logic'), { maxLength: 3 }),
    fc
      .tuple(
        fc.constantFrom(...OPERATORS.keys(), 'nope', 'constructor'),
        fc.array(tie('logic'), { maxLength: 3 }),
      )
      .map(([name, args]) => ({ [name]: args })),
  ),
}));

describe('the evaluator', () => {
  it('never throws, and the traced value is the value', () => {
    fc.assert(
      fc.property(logic, data, (rule, values) => {
        const before = JSON.stringify([rule, values]);
        const outcome = evaluate(rule, values);
        expect(trace(rule, values).outcome).toEqual(outcome);
        expect(compiled(rule)(values)).toEqual(outcome);
        expect(JSON.stringify([rule, values])).toBe(before);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('finds nothing under the names of the prototype', () => {
    for (const path of ['constructor', '__proto__', 'after.toString', 'after.__proto__.x', 'list.length']) {
      const values: JSONValue = { after: { x: 1 }, list: [1] };
      expect(evaluate({ var: path }, values)).toEqual({ ok: true, value: null });
      expect(evaluate({ '===': [{ var: path }, null] }, values)).toEqual({ ok: true, value: true });
    }
  });

  it('knows no operator that the table of the dialect lacks', () => {
    const path = join(import.meta.dirname, '../../../shared-schemas/operators.json');
    const names = new Set<string>(
      JSON.parse(readFileSync(path, 'utf8')).operators.map(({ name }: { name: string }) => name),
    );
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'nope']) {
      expect(names.has(name)).toBe(false);
      expect(evaluate({ [name]: [1] }, {})).toMatchObject({ ok: false, reason: 'unknown-operator' });
    }
  });
});
