import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isRuleNode, open } from '../../model/graph';
import { isObject, type JSONValue, listAt, objectAt } from '../../model/json';
import { NO_TEST } from '../store';
import { changedBetween, type Moment, sightOf } from './sight';
import { startOf, walk, wayOf } from './walk';

const TRIGGER = {
  id: 't',
  kind: 'trigger',
  on: 'change',
  table: 'public.leads',
  events: ['update'],
  columns: ['status'],
};
const rule = (logic: JSONValue) =>
  open({
    dialect: 1,
    nodes: [
      TRIGGER,
      { id: 'c', kind: 'condition', logic },
      { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'x' } },
      { id: 'e', kind: 'end' },
    ],
    edges: [
      ['t', 'c'],
      ['c', 'n', 'yes'],
      ['c', 'e', 'no'],
    ],
  });
const MOMENT: Moment = {
  id: 7,
  at: '2026-11-22T10:00:00Z',
  op: 'update',
  before: { status: 'new', name: 'Ada' },
  after: { status: 'won', name: 'Ada' },
  changed: ['status'],
  actor: null,
  cut: [],
};
const sight = sightOf({ ...NO_TEST, moment: MOMENT });
if (!sight) throw new Error('A change can be looked at');

test('a change of a watched column starts the rule, another does not', () => {
  expect(startOf(TRIGGER, MOMENT)).toBe('starts');
  expect(startOf(TRIGGER, { ...MOMENT, changed: ['name'] })).toBe('other-columns');
  expect(startOf(TRIGGER, { ...MOMENT, op: 'insert' })).toBe('other-operation');
  expect(startOf({ ...TRIGGER, on: 'schedule' }, MOMENT)).toBe('not-the-trigger');
});

test.each([
  [{ '===': [{ var: 'after.status' }, 'won'] }, 'acts', 't c n', 'yes'],
  [{ '===': [{ var: 'after.status' }, 'lost'] }, 'nothing', 't c e', 'no'],
  [{ '===': [{ var: 'steps.x.output.y' }, 1] }, 'stopped', 't c', null],
  [{ '<': [{ var: 'after.status' }, 1] }, 'fails', 't c', undefined],
] as const)('%j: %s', (logic, ending, way, branch) => {
  const { trace, ending: found } = walk(rule(logic), sight);
  expect(found).toBe(ending);
  expect(trace.steps.map((step) => step.node).join(' ')).toBe(way);
  expect(trace.steps[1]?.branch).toBe(branch);
});

test('a step that is switched off is passed over', () => {
  const opened = open({
    nodes: [
      TRIGGER,
      { id: 'c', kind: 'condition', off: true, logic: false },
      { id: 'n', kind: 'action', off: true },
    ],
    edges: [
      ['t', 'c'],
      ['c', 'n', 'yes'],
    ],
  });
  const { trace, ending } = walk(opened, sight);
  expect(trace.steps.map((step) => `${step.node} ${step.state}`)).toEqual([
    't succeeded',
    'c skipped',
    'n skipped',
  ]);
  expect(ending).toBe('nothing');
});

test('what changed is what is not the same in both', () =>
  expect(changedBetween({ a: 1, b: [1], c: null }, { a: 2, b: [1], d: 1 })).toEqual(['a', 'c', 'd']));

test('what-if values are seen over the record, before and after', () => {
  const now = sightOf({
    ...NO_TEST,
    record: { status: 'new', name: 'Ada' },
    after: { status: 'won' },
    before: { status: 'new' },
  });
  expect(now?.data).toMatchObject({
    before: { status: 'new' },
    after: { status: 'won', name: 'Ada' },
    changed: ['status'],
  });
  const gone = sightOf({ ...NO_TEST, op: 'delete', record: { status: 'new' } });
  expect(gone?.data).toMatchObject({ before: { status: 'new' }, after: null });
});

const WAYS: JSONValue = JSON.parse(
  readFileSync(`${import.meta.dirname}/../../../../shared-schemas/vectors/ways/choose.json`, 'utf8'),
);
const cases = (isObject(WAYS) ? listAt(WAYS, 'cases') : []).filter(isObject);
test.each(cases.map((one) => [String(one['name']), one] as const))('vectors: %s', (_name, one) => {
  const node = one['node'];
  if (!isRuleNode(node)) throw new Error('no node');
  const way = wayOf(node, { data: objectAt(one, 'data'), cut: [], past: true });
  if ('branch' in way) expect(way.branch).toBe(one['taken']);
  else expect(way.light).toMatchObject({ kind: 'error', reason: one['error'] });
});

test('a rule is walked along the way that holds; a failed path is not', () => {
  const nodes = [
    TRIGGER,
    {
      id: 'x',
      kind: 'choose',
      ways: [{ key: 'won', logic: { '===': [{ var: 'after.status' }, 'won'] } }],
    },
    { id: 'n', kind: 'action', do: 'notify', fields: { title: 'x' } },
    { id: 'f', kind: 'end' },
    { id: 'o', kind: 'end' },
  ];
  const edges = [
    ['t', 'x'],
    ['x', 'n', 'won'],
    ['n', 'f', 'failed'],
    ['x', 'o', 'otherwise'],
  ];
  const sight = sightOf({ ...NO_TEST, moment: MOMENT });
  if (!sight) throw new Error('nothing is seen');
  const told = (off: boolean) =>
    walk(
      open({
        dialect: 1,
        nodes: nodes.map((node) => (node.id === 'x' && off ? { ...node, off } : node)),
        edges,
      }),
      sight,
    ).trace.steps.map(({ node, branch }) => [node, branch]);
  expect(told(false)).toEqual([
    ['t', null],
    ['x', 'won'],
    ['n', null],
  ]);
  expect(told(true).slice(1)).toEqual([
    ['x', 'otherwise'],
    ['o', null],
  ]);
});
