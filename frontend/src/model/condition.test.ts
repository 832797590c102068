import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { condition as anyCondition, logic as anyLogic } from './arbitrary';
import {
  type Comparison,
  type Condition,
  changeAt,
  fieldsOf,
  guarded,
  leaves,
  pathsIn,
  toLogic,
} from './condition';
import type { JSONValue } from './json';
import { toGroup, toTree } from './recognise';
import type { Rule, Step } from './rule';
import { dropStartChange, setStartChange, startChange } from './start';
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
    ['loose is not', { '!=': [v('after.status'), 'new'] }, { kind: 'comparison', op: 'isNot', loose: true }],
    ['half of between', { '<=': [1, v('after.n'), null] }, { kind: 'comparison', op: 'between' }],
    [
      'changed from',
      { and: [{ '===': [v('before.x'), 'a'] }, { '!==': [v('after.x'), 'a'] }] },
      { op: 'changedFrom' },
    ],
    [
      'changed, not filled in',
      { and: [{ '===': [v('before.x'), null] }, { '===': [v('after.x'), null] }] },
      { op: 'changedFromTo', args: [] },
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
    { '<=': [null, v('after.n'), 5] },
    { '===': [v('after.x'), { a: 1, b: 2 }] },
    { '===': [v('after.x'), { date_add: [v('now'), 1, 'eons'] }] },
    { '===': [{ var: '' }, 1] },
    { in: [v('after.x')] },
    { in: [{ '+': [1] }, { '+': [2] }] },
    { is_empty: ['x'] },
    { '!': [{ is_empty: ['x'] }] },
    { '!': [{ '+': [1] }, 2] },
    { toString: [v('after.x'), 1] },
    { '===': ['x', null] },
    { a: 1, b: 2 },
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

describe('groups that are no guard and no change are groups', () => {
  const ge: JSONValue = { '>=': [v('after.n'), 3] };
  const table: JSONValue[] = [
    { and: [{ '!==': [v('after.m'), null] }, ge] },
    { and: [{ '!==': [v('after.n'), 0] }, ge] },
    { and: [{ '!==': [v('after.n'), null] }, { '!==': [v('after.n'), null] }, ge] },
    { and: [{ '!==': ['n', null] }, ge] },
    { and: ['x', ge] },
    { and: [ge] },
    { and: [{ '===': [v('before.x'), { '+': [1] }] }, { '===': [v('after.x'), 1] }] },
    { and: [{ '<': [v('before.x'), 1] }, { '<': [v('after.x'), 1] }] },
    { and: [{ '===': [v('before.y'), 1] }, { '===': [v('after.x'), 1] }] },
    { and: [{ '===': [v('before.x'), 1] }, { '===': [v('x'), 1] }] },
    { and: [] },
  ];
  test.each(table.map((logic) => [JSON.stringify(logic), logic] as const))('%s', (_name, logic) => {
    expect(toTree(logic)).toMatchObject({ kind: 'group', mode: 'all' });
    expect(toLogic(toTree(logic))).toEqual(logic);
  });
});

test('the editor shows a group, whatever the logic is', () => {
  const group = toGroup({ or: [true, true] });
  expect(group.mode).toBe('any');
  expect(toGroup(true)).toEqual({ kind: 'group', mode: 'all', items: [{ kind: 'advanced', logic: true }] });
});

describe('a comparison that is not filled in', () => {
  const half = (op: Comparison['op'], ...args: Comparison['args']): JSONValue =>
    toLogic({ kind: 'comparison', field: 'after.x', op, args, guards: [] });
  const x = v('after.x');
  const was = v('before.x');
  test.each<[JSONValue, JSONValue]>([
    [half('between'), { '<=': [null, x, null] }],
    [half('oneOf'), { in: [x, []] }],
    [half('notOneOf'), { '!': [{ in: [x, []] }] }],
    [half('contains'), { in: ['', x] }],
    [half('notContains'), { '!': [{ in: ['', x] }] }],
    [half('changedFromTo'), { and: [{ '===': [was, null] }, { '===': [x, null] }] }],
    [toLogic({ kind: 'comparison', field: null, op: 'is', args: [], guards: [] }), { '===': [] }],
  ])('%j', (written, expected) => expect(written).toEqual(expected));
});

test('what a condition reads, and its leaves with their places', () => {
  const one: Comparison = {
    kind: 'comparison',
    field: null,
    op: 'is',
    args: [{ kind: 'field', path: 'a' }],
    guards: [],
  };
  expect(fieldsOf(one)).toEqual(['a']);
  const tree: Condition = {
    kind: 'group',
    mode: 'all',
    items: [one, { kind: 'group', mode: 'any', items: [one] }],
  };
  expect(leaves(tree).map(({ at }) => at)).toEqual([[0], [1, 0]]);
  expect(leaves(one)).toEqual([{ leaf: one, at: [] }]);
  expect(pathsIn({ and: [v('a'), { var: ['b', 1] }, { var: 3 }, { '+': [v('c'), null] }] })).toEqual([
    'a',
    'b',
    'c',
  ]);
});

test('inside a leaf there is nothing to change', () => {
  const leaf: Condition = { kind: 'advanced', logic: true };
  expect(changeAt(leaf, [0], () => null)).toBe(leaf);
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
    ['{{today:date:Asia/Seoul}}', { date_part: [v('now'), 'date', 'Asia/Seoul'] }],
    [
      'At {{today:time:UTC}} on {{today:date:UTC}}',
      {
        cat: [
          'At ',
          { date_part: [v('now'), 'time', 'UTC'] },
          ' on ',
          { date_part: [v('now'), 'date', 'UTC'] },
        ],
      },
    ],
    ['{{today:year:UTC}}', v('after.today:year:UTC')],
    ['{{이름}} 님', { cat: [v('after.이름'), ' 님'] }],
  ];
  test.each(table)('%s', (text, logic) => {
    expect(fromTemplate(text)).toEqual(logic);
    expect(toTemplate(logic)).toBe(text);
  });
  test('where there is nothing yet there is no text', () => {
    expect(toTemplate(undefined)).toBe('');
  });
  test('an expression that is more than text is not shown as text', () => {
    expect(toTemplate({ cat: [{ a: 1, b: 2 }, 'x', v('after.x')] })).toBeNull();
    expect(toTemplate({ var: 3 })).toBeNull();
    expect(toTemplate(3)).toBeNull();
    expect(toTemplate({ '+': [1, 2] })).toBeNull();
    expect(toTemplate({ cat: ['On ', { date_part: [v('after.at'), 'date', 'UTC'] }] })).toBeNull();
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

describe('the first If of a rule', () => {
  const step: Step = { kind: 'plain', node: { id: 'a1', kind: 'action' } };
  const rule = (trigger: Record<string, JSONValue>, ...steps: Step[]): Rule => ({
    kind: 'rule',
    head: {},
    trigger: { ...trigger, id: 't', kind: 'trigger' },
    steps,
  });
  const status = { columns: ['status'] };
  const guard = (logic: JSONValue | undefined, no: Step[] = []): Step => ({
    kind: 'if',
    node: { id: 'c1', kind: 'condition', ...(logic === undefined ? {} : { logic }) },
    yes: [step],
    no,
  });
  const to = { and: [{ '!==': [v('before.status'), 'a'] }, { '===': [v('after.status'), 'a'] }] };
  const none = { column: 'status', from: null, to: null };
  const value = (one: string) => ({ kind: 'value', value: one }) as const;

  test('is no part of the start unless it asks for that change, and nothing else', () => {
    expect(startChange(rule({}))).toBeNull();
    expect(startChange(rule({ columns: ['a', 'b'] }))).toBeNull();
    for (const steps of [
      [],
      [step],
      [guard(to), step],
      [guard(to, [step])],
      [guard(undefined)],
      [guard({ and: [] })],
    ])
      expect(startChange(rule(status, ...steps))).toEqual(none);
    expect(startChange(rule(status, guard({ '===': [v('after.status'), 'a'] })))).toEqual(none);
    expect(startChange(rule({ columns: ['other'] }, guard(to)))).toEqual({ ...none, column: 'other' });
  });

  test.each([
    ['from', { ...none, from: value('a') }],
    ['to', { ...none, to: value('b') }],
    ['from and to', { ...none, from: value('a'), to: value('b') }],
  ])('says %s, and again after it was written', (_name, change) => {
    const told = setStartChange(rule(status, step), change);
    expect(startChange(told)).toEqual(change);
    expect(setStartChange(told, change)).toEqual(told);
    expect(dropStartChange(told)).toEqual(rule(status, step));
  });

  test('that is not filled in says neither', () => {
    const blank = { and: [{ '===': [v('before.status'), null] }, { '===': [v('after.status'), null] }] };
    expect(startChange(rule(status, guard(blank)))).toEqual(none);
  });

  test('stays where the start says nothing of it', () => {
    expect(dropStartChange(rule(status, step))).toEqual(rule(status, step));
  });
});
