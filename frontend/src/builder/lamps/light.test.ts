import { describe, expect, test } from 'vitest';
import { type Condition, EMPTY, type Mode } from '../../model/condition';
import type { JSONValue } from '../../model/json';
import { toTree } from '../../model/recognise';
import { type Light, lightOf, lightOfLogic, type Sight } from './light';

const SIGHT: Sight = {
  data: {
    before: { status: 'new', notes: 'a long te' },
    after: { status: 'callback', attempts: 4, budget: null, notes: 'a long te' },
    related: { owner_id: { team: 'senior' }, source_id: null },
    changed: ['status'],
    event: { op: 'update' },
    steps: {},
    now: '2026-11-23T10:00:00Z',
  },
  cut: ['notes'],
  past: false,
};
const of = (logic: JSONValue, sight = SIGHT): Light => lightOf(toTree(logic), sight);
const yes: JSONValue = { '>=': [{ var: 'after.attempts' }, 3] };
const no: JSONValue = { '===': [{ var: 'after.status' }, 'won'] };
const later: JSONValue = { '===': [{ var: 'steps.a.output.status' }, 200] };
const fails: JSONValue = { '<': [{ var: 'after.status' }, 5] };

describe('a row', () => {
  const rows: readonly [string, JSONValue, Partial<Light>][] = [
    ['is true', yes, { kind: 'true' }],
    ['is not true', no, { kind: 'false' }],
    ['sees a change', { '!==': [{ var: 'before.status' }, { var: 'after.status' }] }, { kind: 'true' }],
    ['would fail', fails, { kind: 'error', reason: 'not-a-number' }],
    [
      'waits for an event',
      { '===': [{ var: 'received.id' }, 1] },
      { kind: 'unknown', why: 'step', path: 'received.id' },
    ],
    ['waits for an earlier step', later, { kind: 'unknown', why: 'step', path: 'steps.a.output.status' }],
    [
      'has a field that the record lacks',
      { '===': [{ var: 'after.phone' }, 1] },
      { kind: 'unknown', why: 'missing' },
    ],
    ['reads a shortened value', { '===': [{ var: 'after.notes' }, 'x'] }, { kind: 'unknown', why: 'cut' }],
    ['knows a related field', { '===': [{ var: 'related.owner_id.team' }, 'senior'] }, { kind: 'true' }],
    [
      'has a related field that was not read',
      { '===': [{ var: 'related.owner_id.name' }, 'x'] },
      { kind: 'unknown', why: 'related' },
    ],
    [
      'knows that there is no related record',
      { '===': [{ var: 'related.source_id.name' }, null] },
      { kind: 'true' },
    ],
    ['is incomplete', { '===': [{ var: 'after.status' }] }, { kind: 'unknown', why: 'incomplete' }],
  ];
  test.each(rows)('%s', (_name, logic, light) => expect(of(logic)).toMatchObject(light));

  test('without a field is incomplete', () =>
    expect(lightOf(EMPTY, SIGHT)).toMatchObject({ why: 'incomplete' }));

  test('of a past change says that related records are not kept', () =>
    expect(of({ '===': [{ var: 'related.owner_id.name' }, 'x'] }, { ...SIGHT, past: true })).toMatchObject({
      why: 'relatedThen',
    }));
});

describe('a group', () => {
  const group = (mode: Mode, ...items: JSONValue[]): Condition => ({
    kind: 'group',
    mode,
    items: items.map(toTree),
  });
  const groups: readonly [string, Condition, Light['kind']][] = [
    ['all, decided by one that is not true', group('all', later, no), 'false'],
    ['all, open because of one', group('all', yes, later), 'unknown'],
    ['any, decided by one that is true', group('any', later, yes), 'true'],
    ['any, open because of one', group('any', no, later), 'unknown'],
    ['none, decided by one that is true', group('none', later, yes), 'false'],
    ['not all, decided by one that is not true', group('notall', later, no), 'true'],
    ['all, with one that fails', group('all', yes, fails), 'error'],
    ['any, true before one that fails', group('any', yes, fails), 'true'],
    [
      'all, inside any',
      group('any', no, { and: [yes, { '!==': [{ var: 'after.status' }, 'won'] }] }),
      'true',
    ],
  ];
  test.each(groups)('%s', (_name, condition, kind) => expect(lightOf(condition, SIGHT).kind).toBe(kind));
});

test('the light of a step is the same one until its condition or the record changes', () => {
  const logic = { and: [yes, later] };
  expect(lightOfLogic(logic, SIGHT)).toBe(lightOfLogic(logic, SIGHT));
  expect(lightOfLogic({ and: [yes, later] }, SIGHT)).not.toBe(lightOfLogic(logic, SIGHT));
});
