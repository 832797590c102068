import { describe, expect, test } from 'vitest';
import { spoken, wordsOf } from '../i18n/spoken';
import type { JSONObject, JSONValue } from './json';
import { type FlipLike, needOf, needsOf, partAt, wanted } from './reason';

const t = await spoken(['builder']);
const words = wordsOf(t('en'), 'en');
const v = (path: string): JSONObject => ({ var: path });
const flip = (path: string, relation: string, seen: unknown, rest: Partial<FlipLike> = {}): FlipLike => ({
  node: 'c',
  path,
  relation,
  seen,
  ...rest,
});

describe('the comparison as it would have to be', () => {
  const table: [JSONValue, string, JSONValue][] = [
    [{ '<': [v('after.n'), 3] }, '>=', { '>=': [v('after.n'), 3] }],
    [{ '<': [3, v('after.n')] }, '>=', { '>=': [v('after.n'), 3] }],
    [{ in: ['a', v('after.t')] }, 'not in', { '!': [{ in: ['a', v('after.t')] }] }],
    [{ in: ['a', v('after.t')] }, 'in', { in: ['a', v('after.t')] }],
    [{ '<': [1, v('after.n'), 3] }, '<', { '<': [1, v('after.n'), 3] }],
    ['just text', '===', 'just text'],
  ];
  test.each(table)('%j %s', (logic, relation, expected) => expect(wanted(logic, relation)).toEqual(expected));
});

test('a place of the logic is found by its pointer', () => {
  const logic = { and: [{ 'a/b': [1] }] };
  expect([partAt(logic, '/and/0/a~1b/0'), partAt(logic, '/or'), partAt(logic, '/and/0/a~1b/0/x')]).toEqual([
    1,
    undefined,
    undefined,
  ]);
});

describe('what a flip needed', () => {
  const status: JSONValue = { '===': [v('after.status'), 'won'] };
  const table: [string, FlipLike, JSONValue, unknown][] = [
    [
      'a comparison',
      flip('', '===', 'new'),
      status,
      { kind: 'compare', condition: 'Status is won', seen: 'new' },
    ],
    [
      'nothing was seen',
      flip('', '===', undefined),
      status,
      { kind: 'compare', condition: 'Status is won', seen: 'nothing' },
    ],
    ['a place that is gone', flip('/and/7', '===', 1), status, null],
    [
      'a literal',
      flip('', '===', 1),
      false,
      { kind: 'compare', condition: 'an advanced condition holds', seen: '1' },
    ],
    [
      'it was so before',
      flip('', '===', 'won', { kind: 'already' }),
      { '===': [v('before.status'), 'won'] },
      { kind: 'already', field: 'Status', seen: 'won' },
    ],
    [
      'it was so before, of no field',
      flip('', '===', 1, { kind: 'already' }),
      false,
      { kind: 'compare', condition: 'an advanced condition holds', seen: '1' },
    ],
    [
      'a field that must hold something',
      flip('', 'is set', null),
      v('after.x'),
      { kind: 'set', field: 'X', seen: 'nothing' },
    ],
    [
      'a field that must hold nothing',
      flip('', 'is not set', 3),
      v('after.x'),
      { kind: 'unset', field: 'X', seen: '3' },
    ],
    [
      'two fields',
      flip('', '===', 1, { values: [1, 2] }),
      { '===': [v('after.a'), v('after.b')] },
      { kind: 'compare', condition: 'A is B', seen: '1 and 2' },
    ],
    [
      'two fields, of which one was seen',
      flip('', '===', 1, { values: [1] }),
      { '===': [v('after.a'), v('after.b')] },
      { kind: 'compare', condition: 'A is B', seen: '1' },
    ],
  ];
  test.each(table)('%s', (_name, one, logic, expected) =>
    expect(needOf(one, logic, words)).toEqual(expected),
  );
});

test('a guard is not told beside what it guards, and a step without logic is not told at all', () => {
  const logic: JSONValue = { and: [{ '!==': [v('after.n'), null] }, { '>=': [v('after.n'), 3] }] };
  const guard = flip('/and/0', '!==', null);
  const guarded = flip('/and/1', '>=', null);
  const logicOf = (node: string): JSONValue | undefined => (node === 'c' ? logic : undefined);
  const told = (...flips: FlipLike[]) =>
    needsOf(flips, logicOf, words).map((need) => need.kind === 'compare' && need.condition);
  expect(told(guard, guarded)).toEqual(['N is at least 3']);
  expect(told(guard)).toEqual(['N has a value']);
  expect(told(guard, flip('/and/9', '===', 1))).toEqual(['N has a value']);
  expect(told({ ...guarded, node: 'gone' })).toEqual([]);
  expect(told(guard, { ...guarded, node: 'gone' })).toEqual(['N has a value']);
});
