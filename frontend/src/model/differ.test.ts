// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { changesBetween } from './differ';
import { open } from './graph';
import type { JSONObject } from './json';

const START = {
  id: 't',
  kind: 'trigger',
  on: 'change',
  connection: 'crm',
  table: 'leads',
  events: ['update'],
};
const IF = { id: 'c', kind: 'condition', logic: { '===': [{ var: 'after.status' }, 'won'] } };
const SET = {
  id: 'u',
  kind: 'action',
  do: 'update_record',
  fields: { table: 'leads', set: { owner: 1, queue: 2 } },
};
const TELL = { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Hello' } };

const RULE: JSONObject = {
  name: 'Rule',
  nodes: [START, IF, SET],
  edges: [
    ['t', 'c'],
    ['c', 'u', 'yes'],
  ],
};

const told = (old: JSONObject, now: JSONObject) =>
  changesBetween(open(old), open(now)).map(({ kind, node, field, old: was, new: is }) => [
    kind,
    node,
    field,
    ...(field === '' ? [] : [was, is]),
  ]);

const withNodes = (...nodes: JSONObject[]): JSONObject => ({ ...RULE, nodes });

describe('what differs between two documents', () => {
  test('is nothing between one and itself', () => {
    expect(told(RULE, RULE)).toEqual([]);
  });

  test('is told of the rule, with what is usual where nothing is said', () => {
    expect(told(RULE, { ...RULE, name: 'Other', policy: { limit: 5, overlap: 'queue' } })).toEqual([
      ['changed', '', 'name', 'Rule', 'Other'],
      ['changed', '', 'policy.limit', 'auto', 5],
    ]);
    expect(told({ ...RULE, policy: { limit: 'off' } }, RULE)).toEqual([
      ['changed', '', 'policy.limit', 'off', 'auto'],
    ]);
    const pace = { at_most: 10, per: 'minute' };
    expect(told(RULE, { ...RULE, policy: { pace } })).toEqual([['changed', '', 'policy.pace', null, pace]]);
    expect(told({ ...RULE, policy: { once: 'day' } }, RULE)).toEqual([
      ['changed', '', 'policy.once', 'day', null],
    ]);
  });

  test('is told of each field of a step', () => {
    const { events: _, ...silent } = START;
    const now = withNodes(
      { ...silent, columns: ['status'] },
      { ...IF, logic: false, off: true, note: 'Later' },
      { ...SET, fields: { set: { owner: 3, team: 4 }, table: 'leads', connection: 'crm' } },
    );
    expect(told(RULE, now)).toEqual([
      ['changed', 't', 'events', ['update'], null],
      ['changed', 't', 'columns', null, ['status']],
      ['changed', 'c', 'off', false, true],
      ['changed', 'c', 'note', '', 'Later'],
      ['changed', 'c', 'logic', IF.logic, false],
      ['changed', 'u', 'fields.set.owner', 1, 3],
      ['changed', 'u', 'fields.set.queue', 2, null],
      ['changed', 'u', 'fields.set.team', null, 4],
      ['changed', 'u', 'fields.connection', null, 'crm'],
    ]);
    expect(told(now, RULE)).toContainEqual(['changed', 'u', 'fields.connection', 'crm', null]);
    const none = withNodes(START, IF, { ...SET, fields: { table: 'leads' } });
    expect(told(RULE, none)).toEqual([['changed', 'u', 'fields.set', SET.fields.set, null]]);
  });

  test('is told of steps that came, went, became another, or lead elsewhere', () => {
    expect(told(RULE, withNodes(START, IF, { ...TELL, id: 'u' }))).toEqual([['changed', 'u', '']]);
    const longer = {
      ...RULE,
      nodes: [START, IF, SET, TELL],
      edges: [
        ['t', 'c'],
        ['c', 'n', 'yes'],
        ['n', 'u'],
      ],
    };
    expect(told(RULE, longer)).toEqual([
      ['added', 'n', ''],
      ['changed', 'c', 'edge.yes', 'u', 'n'],
    ]);
    expect(told(longer, { ...RULE, nodes: [START, IF], edges: [['t', 'c']] })).toEqual([
      ['removed', 'n', ''],
      ['removed', 'u', ''],
      ['changed', 'c', 'edge.yes', 'n', null],
    ]);
  });

  test('is told of documents that are no tree, too', () => {
    const round = { ...RULE, edges: [...[['t', 'c']], ['c', 'u', 'yes'], ['u', 'c']] };
    expect(told(RULE, round)).toEqual([['changed', 'u', 'edge.next', null, 'c']]);
  });
});
