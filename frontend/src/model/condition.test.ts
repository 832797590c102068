import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { condition as anyCondition, logic as anyLogic } from './arbitrary';
import { type Condition, changeAt, guarded, toLogic } from './condition';
import type { JSONValue } from './json';
import { toTree } from './recognise';
import type { Rule } from './rule';
import { setStartChange, startChange } from './start';
import { fromTemplate, pieces, toTemplate } from './template';

const v = (path: string) => ({ var: path });

describe('what is recognised', () => {
  const table: [string, JSONValue, Partial<Condition>][] = [
    ['is', { '===': [v('after.status'), 'new'] }, { kind: 'comparison', op: 'is' }],
    ['loose is', { '==': [v('after.status'), 'new'] }, { kind: 'comparison', op: 'is', loose: true }],
    [
      'a guard',
      { and: [{ '!==': [v('after.n'), null] }, { '>=': [v('after.n'), 3] }] },
      { kind: 'comparison', op: 'ge', guards: ['after.n'] },
    ],
    [
      'changed',
      { '!==': [v('before.x'), v('after.x')] },
      { kind: 'comparison', op: 'changed', field: 'after.x' },
    ],
    [
      'changed to',
      { and: [{ '!==': [v('before.x'), 'a'] }, { '===': [v('after.x'), 'a'] }] },
      { kind: 'comparison', op: 'changedTo', field: 'after.x' },
    ],
    [
      'changed from … to …',
      { and: [{ '===': [v('before.x'), 'a'] }, { '===': [v('after.x'), 'b'] }] },
      { kind: 'comparison', op: 'changedFromTo' },
    ],
    ['between', { '<=': [1, v('after.n'), 5] }, { kind: 'comparison', op: 'between' }],
    ['one of', { in: [v('after.x'), ['a', 'b']] }, { kind: 'comparison', op: 'oneOf' }],
    ['contains', { in: ['x', v('after.note')] }, { kind: 'comparison', op: 'contains' }],
    [
      'contains another field',
      { in: [v('after.a'), v('after.b')] },
      { kind: 'comparison', op: 'contains', field: 'after.b' },
    ],
    [
      'a week ago',
      { '<': [v('after.at'), { date_add: [v('now'), -7, 'days'] }] },
      { kind: 'comparison', op: 'lt' },
    ],
    ['none of', { '!': [{ or: [{ '===': [v('after.x'), 1] }] }] }, { kind: 'group', mode: 'none' }],
  ];
  test.each(table)('%s', (_name, logic, expected) => expect(toTree(logic)).toMatchObject(expected));
});

describe('what is not exactly ours stays advanced', () => {
  const table: JSONValue[] = [
    { '>': [3, v('after.n')] },
    { var: ['after.x', 'default'] },
    { if: [true, 1, 2] },
    { and: { var: 'x' } },
    { '===': [v('after.x'), { cat: ['a', 'b'] }] },
    { in: [v('after.x'), [['nested']]] },
    true,
    { '!': { var: 'after.x' } },
  ];
  test.each(table.map((logic) => [JSON.stringify(logic), logic] as const))('%s', (_name, logic) =>
    expect(toTree(logic)).toEqual({ kind: 'advanced', logic }),
  );
});

test('logic → tree → logic is the identity, whatever the logic', () => {
  fc.assert(
    fc.property(anyLogic, (logic) => {
      expect(toLogic(toTree(logic))).toEqual(logic);
    }),
    { numRuns: 5000 },
  );
});

test('tree → logic → tree → logic is stable, and nothing built by hand becomes advanced', () => {
  const advanced = (tree: Condition): boolean =>
    tree.kind === 'advanced' || (tree.kind === 'group' && tree.items.some(advanced));
  fc.assert(
    fc.property(anyCondition, (tree) => {
      const read = toTree(toLogic(tree));
      expect(toLogic(read)).toEqual(toLogic(tree));
      expect(toTree(toLogic(read))).toEqual(read);
      expect(advanced(read)).toBe(false);
    }),
    { numRuns: 3000 },
  );
});

test('"has changed" beside an unfinished row is two rows, not one that cannot be read', () => {
  const rows: Condition = {
    kind: 'group',
    mode: 'all',
    items: [
      { kind: 'comparison', field: 'after.x', op: 'changed', args: [], guards: [] },
      { kind: 'comparison', field: 'after.x', op: 'is', args: [], guards: [] },
    ],
  };
  expect(toTree(toLogic(rows))).toEqual(rows);
});

test('guards follow the fields that may be empty', () => {
  const ge = {
    kind: 'comparison',
    field: 'after.n',
    op: 'ge',
    args: [{ kind: 'field', path: 'after.m' }],
    guards: [],
  } as const;
  expect(guarded(ge, () => true).guards).toEqual(['after.n', 'after.m']);
  expect(guarded({ ...ge, op: 'is' }, () => true).guards).toEqual([]);
});

test('a part is changed or removed in its place', () => {
  const leaf = (field: string): Condition => ({ kind: 'comparison', field, op: 'is', args: [], guards: [] });
  const tree: Condition = {
    kind: 'group',
    mode: 'all',
    items: [leaf('a'), { kind: 'group', mode: 'any', items: [leaf('b'), leaf('c')] }],
  };
  const removed = changeAt(tree, [1, 0], () => null);
  expect(removed).toMatchObject({ items: [{ field: 'a' }, { items: [{ field: 'c' }] }] });
});

describe('text with fields', () => {
  const table: [string, JSONValue][] = [
    ['', ''],
    ['Hello', 'Hello'],
    ['Hello {{first_name}}!', { cat: ['Hello ', v('after.first_name'), '!'] }],
    ['{{email}}', v('after.email')],
    ['{{before.status}} → {{status}}', { cat: [v('before.status'), ' → ', v('after.status')] }],
    ['{{steps.a1.output.status}}', v('steps.a1.output.status')],
    ['{{now}}', v('now')],
    ['{{이름}} 님', { cat: [v('after.이름'), ' 님'] }],
  ];
  test.each(table)('%s', (text, logic) => {
    expect(fromTemplate(text)).toEqual(logic);
    expect(toTemplate(logic)).toBe(text);
  });
  test('an expression that is more than text is not shown as text', () => {
    expect(toTemplate({ '+': [1, 2] })).toBeNull();
    expect(toTemplate({ cat: ['a', 'b'] })).toBeNull();
    expect(toTemplate('a literal {{x}}')).toBeNull();
  });
  test('any text survives the expression', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const again = toTemplate(fromTemplate(text));
        expect(again === null ? null : fromTemplate(again)).toEqual(
          again === null ? null : fromTemplate(text),
        );
        expect(again).not.toBeNull();
      }),
    );
    expect(pieces('a{{b}}').length).toBe(2);
  });
});

test('from and to of the start are the first If, and go away again', () => {
  const step = { kind: 'plain', node: { id: 'a1', kind: 'action' } } as const;
  const rule: Rule = {
    kind: 'rule',
    head: {},
    trigger: { id: 't', kind: 'trigger', on: 'change', columns: ['status'] },
    steps: [step],
  };
  const change = { column: 'status', from: null, to: { kind: 'value', value: 'callback' } } as const;
  const told = setStartChange(rule, change);
  expect(startChange(told)).toEqual(change);
  expect(told.steps).toMatchObject([{ kind: 'if', yes: [step], no: [] }]);
  expect(setStartChange(told, { column: 'status', from: null, to: null })).toEqual(rule);
});
