import { expect, test } from 'vitest';
import type { ChangeEvent } from '../../api/types';
import { open } from '../../model/graph';
import type { Words } from '../../model/wording';
import { differencesOf, momentsOf, verdictKey, verdictOf } from './history';

function change(id: number, more: Partial<ChangeEvent>): ChangeEvent {
  return {
    log: 2,
    id,
    lane: 0,
    table: 'public.leads',
    op: 'update',
    key: { id: 1 },
    record_key: '1',
    record_label: '',
    at: '2026-11-22T10:00:00Z',
    before: { status: 'new' },
    after: { status: 'won' },
    changed: ['status'],
    xid: 1,
    actor: 'crm',
    cause: null,
    cut: false,
    cut_columns: [],
    runs: [],
    ...more,
  };
}

const RULE = open({
  dialect: 1,
  nodes: [
    {
      id: 't',
      kind: 'trigger',
      on: 'change',
      table: 'public.leads',
      events: ['update'],
      columns: ['status'],
    },
    { id: 'c', kind: 'condition', logic: { '===': [{ var: 'after.status' }, 'won'] } },
    { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'x' } },
  ],
  edges: [
    ['t', 'c'],
    ['c', 'n', 'yes'],
  ],
});

test('moments are oldest first; an emptied table is no change of a record', () => {
  const moments = momentsOf([
    change(3, {}),
    change(2, { op: 'truncate' }),
    change(1, { op: 'insert', before: null }),
  ]);
  expect(moments.map((one) => `${one.id} ${one.op}`)).toEqual(['1 insert', '3 update']);
});

test('a change that a run made names no person', () =>
  expect(momentsOf([change(1, { cause: 'run:7' })])[0]?.actor).toBeNull());

const CASES: readonly [Partial<ChangeEvent>, string][] = [
  [{}, 'acts'],
  [{ after: { status: 'lost' } }, 'nothing'],
  [{ changed: ['name'] }, 'other-columns'],
  [{ op: 'delete', after: null }, 'other-operation'],
  [{ cut: true, cut_columns: ['status'] }, 'stopped'],
];
test.each(CASES)('what the rule makes of %j: %s', (more, key) => {
  const [moment] = momentsOf([change(1, more)]);
  if (!moment) throw new Error('It is a change');
  expect(verdictKey(verdictOf(RULE, moment))).toBe(key);
});

test('an update is told as what was and what is', () => {
  const words: Pick<Words, 'field' | 'value'> = {
    field: (path) => path,
    value: (value) => String(value),
  };
  const [moment] = momentsOf([change(1, { changed: ['status', 'gone'] })]);
  if (!moment) throw new Error('It is a change');
  expect(differencesOf(moment, words)).toEqual([
    { field: 'after.status', was: 'new', is: 'won' },
    { field: 'after.gone', was: '–', is: '–' },
  ]);
  expect(differencesOf({ ...moment, op: 'insert' }, words)).toEqual([]);
});
