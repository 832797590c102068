import { expect, test } from 'vitest';
import { open } from '../../model/graph';
import type { JSONValue } from '../../model/json';
import { NO_TEST } from '../store';
import { changedBetween, type Moment, sightOf } from './sight';
import { startOf, walk } from './walk';

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
