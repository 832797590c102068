import { describe, expect, test } from 'vitest';
import { spoken, wordsOf } from '../i18n/spoken';
import { type Change, changesByStep, conditionLines } from './changes';
import { open } from './graph';
import type { JSONObject, JSONValue } from './json';

const t = (await spoken(['builder', 'versions']))('en');
const told = {
  words: wordsOf(t, 'en'),
  say: (key: string, values?: Record<string, string>) => String(t(`versions.${key}`, values ?? {})),
  title: (node: { id: string }) => node.id,
};
const v = (path: string): JSONObject => ({ var: path });
const notify = (id: string, fields: JSONObject = {}): JSONObject => ({
  id,
  kind: 'action',
  do: 'notify',
  fields,
});

function document(nodes: JSONObject[], edges: JSONValue[] = []) {
  return open({ nodes: [{ id: 't', kind: 'trigger', on: 'manual' }, ...nodes], edges });
}

function lines(change: Partial<Change>, old: JSONObject[], now: JSONObject[], edges: JSONValue[] = []) {
  const whole: Change = { kind: 'changed', node: 'a', field: '', old: null, new: null, ...change };
  return changesByStep([whole], { old: document(old), now: document(now, edges) }, told).map(
    (one) => one.lines,
  );
}

test('a step that nothing leads to says no place; one after another says after which', () => {
  expect(lines({ kind: 'added' }, [], [notify('a')])).toEqual([[{ now: 'notify everyone: “…”' }]]);
  expect(lines({ kind: 'added' }, [], [notify('a')], [['t', 'a']])).toEqual([
    [{ now: 'notify everyone: “…”' }, { label: 'After “t”' }],
  ]);
});

test('where nothing follows any more, that is said', () => {
  expect(lines({ node: 't', field: 'edge.next', old: 'a', new: null }, [notify('a')], [notify('a')])).toEqual(
    [[{ label: 'Next comes', was: 'a', now: 'nothing' }]],
  );
  expect(
    lines({ node: 't', field: 'edge.next', old: 'gone', new: 'a' }, [notify('a')], [notify('a')]),
  ).toEqual([[{ label: 'Next comes', was: 'nothing', now: 'a' }]]);
});

test('a way that leads to what came or led to what went is told there', () => {
  const changes: Change[] = [
    { kind: 'changed', node: 't', field: 'edge.next', old: 'b', new: 'a' },
    { kind: 'added', node: 'a', field: '', old: null, new: null },
    { kind: 'removed', node: 'b', field: '', old: null, new: null },
    { kind: 'changed', node: 't', field: 'edge.yes', old: 'b', new: null },
  ];
  const sides = { old: document([notify('b')]), now: document([notify('a')], [['t', 'a']]) };
  expect(changesByStep(changes, sides, told).map(({ step, mark }) => [step, mark])).toEqual([
    ['a', 'new'],
    ['b', 'removed'],
  ]);
});

test('a step that moved and changed is told as changed, the same line once', () => {
  const one = [notify('a', { title: 'x' })];
  const title: Change = { kind: 'changed', node: 'a', field: 'fields.title', old: 'x', new: 'y' };
  const changes: Change[] = [{ ...title, field: 'edge.next', old: 'b', new: 'c' }, title, title];
  const found = changesByStep(changes, { old: document(one), now: document(one) }, told);
  expect(found.map(({ mark, lines: all }) => [mark, all.length])).toEqual([['changed', 2]]);
});

describe('fields', () => {
  const call = (fields: JSONObject): JSONObject => ({ id: 'a', kind: 'action', do: 'call_webhook', fields });
  const table: [string, Partial<Change>, JSONObject, JSONObject, unknown][] = [
    [
      'a header',
      { field: 'fields.headers.X-Key', old: 'a', new: 'b' },
      call({ headers: { 'X-Key': 'a' } }),
      call({ headers: { 'X-Key': 'b' } }),
      { label: 'Header · X-Key', was: 'a', now: 'b' },
    ],
    [
      'an expression',
      { field: 'fields.payload', old: { '+': [1, 2] }, new: '' },
      call({ payload: { '+': [1, 2] } }),
      call({ payload: '' }),
      { label: 'Data', was: '{"+":[1,2]}', now: '' },
    ],
    [
      'a column from a field',
      { field: 'fields.set.owner', old: null, new: v('after.name') },
      call({}),
      call({ set: { owner: v('after.name') } }),
      { label: 'Owner', now: '{Name}' },
    ],
    [
      'a setting',
      { field: 'colour', old: 'x', new: { a: 1 } },
      { id: 'a', kind: 'end' },
      { id: 'a', kind: 'end' },
      { label: 'Setting colour', was: 'x', now: '{"a":1}' },
    ],
  ];
  test.each(table)('%s', (_name, change, old, now, line) =>
    expect(lines(change, [old], [now])).toEqual([[line]]),
  );
  test('of a step that is on one side only', () => {
    expect(lines({ field: 'fields.title', old: 'x' }, [], [notify('a', {})])).toEqual([[{ label: 'Title' }]]);
    expect(lines({ field: 'fields.title', old: 'x' }, [notify('a')], [])).toEqual([[]]);
    expect(lines({ field: 'colour' }, [], [notify('a')])).toEqual([[]]);
    expect(lines({ kind: 'added', node: 'z' }, [], [notify('a')])).toEqual([]);
    expect(lines({ kind: 'removed', node: 'z' }, [], [notify('a')])).toEqual([]);
  });
});

test('a condition, a wait and a column that changed', () => {
  const check = (n: number) => ({ id: 'a', kind: 'condition', logic: { '>=': [v('after.n'), n] } });
  const change = { field: 'logic', old: check(1).logic, new: check(2).logic };
  expect(lines(change, [check(1)], [check(2)])).toEqual([
    [
      { was: 'N is at least 1', depth: 0 },
      { now: 'N is at least 2', depth: 0 },
    ],
  ]);
  const wait = (amount: number) => ({ id: 'a', kind: 'wait', amount, unit: 'hours' });
  expect(lines({ field: 'amount' }, [wait(1)], [wait(2)])).toEqual([
    [{ was: 'wait 1 hour', now: 'wait 2 hours' }],
  ]);
  const set = (owner: string) => ({
    id: 'a',
    kind: 'action',
    do: 'update_record',
    fields: { set: { owner } },
  });
  expect(lines({ field: 'fields.set.owner', old: 'ann', new: 'bob' }, [set('ann')], [set('bob')])).toEqual([
    [{ label: 'Owner', was: 'ann', now: 'bob' }],
  ]);
});

test('how long a step waits and how often it is tried', () => {
  const one = [notify('a')];
  const limit = (field: string, old: JSONValue, now: JSONValue) =>
    lines({ field, old, new: now }, one, one)[0]?.[0];
  expect(limit('timeout', null, 5)).toEqual({ label: 'Gives up after', was: 'as usual', now: '5 s' });
  expect(limit('tries', 1, null)).toEqual({ label: 'Tries in all', was: '1', now: 'as usual' });
});

test('a step that was switched off or on, and a note that came or went', () => {
  const one = [notify('a')];
  const off = lines({ field: 'off', old: null, new: true }, one, one)[0]?.[0]?.now;
  const on = lines({ field: 'off', old: true, new: null }, one, one)[0]?.[0]?.now;
  expect([off, on]).toEqual([t('versions.switched.off'), t('versions.switched.on')]);
  const note = (old: JSONValue, now: JSONValue) => lines({ field: 'note', old, new: now }, one, one)[0]?.[0];
  expect(note('', 'why')).toMatchObject({ now: 'why' });
  expect(note('', 'why')).not.toHaveProperty('was');
  expect(note('why', '')).toMatchObject({ was: 'why' });
  expect(note('why', '')).not.toHaveProperty('now');
});

test('the rule as a whole', () => {
  const head = (field: string, old: JSONValue, now: JSONValue) =>
    lines({ node: '', field, old, new: now }, [], [])[0]?.[0];
  expect(head('description', '', 'Now told')).toMatchObject({ was: 'empty', now: 'Now told' });
  expect(head('policy.limit', 'auto', 200)).toMatchObject({ now: 'hold after 200 runs an hour' });
  expect(head('policy.overlap', 'queue', 'parallel')).toMatchObject({ now: 'run beside it' });
  expect(head('policy.once', null, 'day')).toEqual({
    label: 'How often for the same record',
    was: 'every time',
    now: 'once a day',
  });
  const pace = { at_most: 10, per: 'minute' };
  expect(head('policy.pace', null, pace)).toMatchObject({ was: 'as they come', now: 'at most 10 a minute' });
  const settle = { amount: 5, unit: 'minutes' };
  expect(head('policy.settle', null, settle)).toMatchObject({ now: 'after 5 min of quiet' });
  const batch = { at_most: 50, within: { amount: 5, unit: 'minutes' } };
  expect(head('policy.batch', batch, null)).toMatchObject({ was: 'in lists of up to 50', now: 'one by one' });
  expect(head('policy.batch', 'x', null)).toMatchObject({ was: '' });
  expect(head('policy.hours', null, { calendar: 'Office', outside: 'skip' })).toMatchObject({
    was: 'at any time',
    now: 'in the hours of “Office”; other runs are skipped',
  });
});

test('conditions are told row by row, groups by their mode', () => {
  const status = { '===': [v('after.status'), 'won'] };
  const other = { '===': [v('after.source'), 'web'] };
  expect(
    conditionLines({ and: [status] }, { and: [status, { '!': [{ or: [other, { if: [1] }] }] }] }, told.words),
  ).toEqual([
    { was: 'Status is won', depth: 0 },
    { now: 'All of these must be true', depth: 0 },
    { now: 'Status is won', depth: 1 },
    { now: 'None of these may be true', depth: 1 },
    { now: 'Source is web', depth: 2 },
    { now: 'an advanced condition holds: {"if":[1]}', depth: 2 },
  ]);
  expect(conditionLines({ '!': [{ or: [other] }] }, { '!': [{ or: [other] }] }, told.words)).toEqual([
    { same: 'None of these may be true', depth: 0 },
    { same: 'Source is web', depth: 1 },
  ]);
  expect(conditionLines({ or: [] }, { or: [other, other] }, told.words).map((line) => line.same)).toContain(
    'At least one must be true',
  );
});
