import { expect, test } from 'vitest';
import { actionsBefore } from './before';
import { readClip } from './clip';
import { type Opened, open } from './graph';
import { itemField, itemSource, listAround, listPaths } from './items';
import type { JSONObject, JSONValue } from './json';
import { paint } from './paint';

const SAMPLE = { lines: [{ sku: 'x', parts: [{ n: 1 }] }], tags: ['a'], deep: { rows: [] } };
const tell = (id: string): JSONObject => ({ id, kind: 'action', do: 'notify', fields: { title: 'x' } });
const each = (over: JSONValue, id = 'f'): JSONObject => ({ id, kind: 'for_each', over });
const v = (path: string) => ({ var: path });
const ask = (answer: JSONValue): JSONObject => ({
  id: 'h',
  kind: 'action',
  do: 'http_request',
  fields: { url: 'x', answer },
});
const find: JSONObject = {
  id: 'q',
  kind: 'action',
  do: 'find_records',
  fields: { table: 'public.leads' },
};

function opened(
  nodes: readonly JSONObject[],
  edges: readonly (readonly string[])[],
  more: JSONObject = {},
  trigger: JSONObject = { on: 'webhook', sample: SAMPLE },
): Opened {
  const start = { id: 't', kind: 'trigger', ...trigger };
  return open({
    dialect: 1,
    name: 'n',
    ...more,
    nodes: [start, ...nodes],
    edges: edges.map((one) => [...one]),
  });
}

const body = opened(
  [each(v('after.lines')), tell('n'), tell('m'), tell('z')],
  [
    ['t', 'f'],
    ['f', 'n', 'each'],
    ['n', 'm'],
    ['f', 'z'],
  ],
);

test('a step knows the list that it is done for', () => {
  expect(listAround(body, 'n')?.id).toBe('f');
  expect(listAround(body, 'm')?.id).toBe('f');
  expect(listAround(body, 'z')).toBeNull();
  expect(listAround(body, 't')).toBeNull();
});

test('ways that join are looked at once', () => {
  const joined = opened(
    [{ id: 'c', kind: 'condition', logic: true }, tell('n'), tell('z')],
    [
      ['t', 'c'],
      ['c', 'n', 'yes'],
      ['c', 'z', 'no'],
      ['n', 'z'],
    ],
  );
  expect(listAround(joined, 'z')).toBeNull();
});

test('the lists of a request, of a record, of a batch and of earlier steps are offered', () => {
  expect(listPaths(body, 'f', [])).toEqual(['after.lines', 'after.tags', 'after.deep.rows']);
  const change = { on: 'change', table: 'public.leads', events: ['insert'] };
  const columns = [
    { name: 'tags', type: 'array' },
    { name: 'name', type: 'text' },
  ];
  const later = opened(
    [ask([{ id: 1 }]), find, { ...tell('p') }, each('')],
    [
      ['t', 'h'],
      ['h', 'q'],
      ['q', 'p'],
      ['p', 'f'],
    ],
    { policy: { batch: { at_most: 5 } } },
    change,
  );
  expect(listPaths(later, 'f', columns)).toEqual([
    'batch',
    'after.tags',
    'steps.h.output.body',
    'steps.q.output.records',
  ]);
  const free = open({ nodes: [{ id: 't', kind: 'trigger' }, tell('a')], edges: [], policy: {} });
  expect(free.kind).toBe('free');
  expect(listPaths(free, 'a', [])).toEqual([]);
});

test('a request that is no object has its list under body', () => {
  const bare = opened([each(v('after.body'))], [['t', 'f']], {}, { on: 'webhook', sample: [1, 2] });
  expect(listPaths(bare, 'f', [])).toEqual(['after.body']);
  expect(itemField(bare, 'item')).toEqual([{ path: 'item', type: 'number' }]);
});

function sourceOf(over: JSONValue, ...more: JSONObject[]) {
  const first = more[0]?.['id'];
  const edges =
    typeof first === 'string'
      ? [
          ['t', first],
          [first, 'f'],
        ]
      : [['t', 'f']];
  return itemSource(opened([...more, each(over)], edges), { id: 'f', kind: 'for_each', over });
}

test('an item is what the list is made of', () => {
  expect(sourceOf(v('after.lines'))).toEqual({
    kind: 'fields',
    fields: [
      { path: 'item.sku', type: 'text' },
      { path: 'item.parts', type: 'list' },
      { path: 'item.parts.0.n', type: 'number' },
    ],
  });
  expect(sourceOf(v('after.tags'))).toEqual({ kind: 'fields', fields: [{ path: 'item', type: 'text' }] });
  expect(sourceOf(v('steps.h.output.body'), ask([[1]]))).toEqual({
    kind: 'fields',
    fields: [{ path: 'item', type: 'list' }],
  });
  expect(sourceOf(v('steps.h.output.body.rows'), ask({ rows: [null] }))).toEqual({
    kind: 'fields',
    fields: [{ path: 'item', type: 'other' }],
  });
  expect(sourceOf(v('steps.q.output.records'), find)).toEqual({ kind: 'record', table: 'public.leads' });
  for (const over of [
    '',
    [1],
    v('after.deep.rows'),
    v('after.nix'),
    v('after.tags.of'),
    v('steps.q.output.records'),
    v('now'),
  ])
    expect(sourceOf(over)).toEqual({ kind: 'unknown' });
});

test('without a sample nothing is known of an item', () => {
  const bare = opened([each(v('after.lines'))], [['t', 'f']], {}, { on: 'webhook' });
  expect(itemField(bare, 'item.sku')).toEqual([]);
});

test('a field of an item is found in whichever list has it', () => {
  const two = opened(
    [each(v('after.tags')), each(v('after.lines'), 'g'), tell('z')],
    [
      ['t', 'f'],
      ['f', 'g'],
      ['g', 'z'],
    ],
  );
  expect(itemField(two, 'item.sku')).toEqual([{ path: 'item.sku', type: 'text' }]);
  expect(itemField(two, 'item.nix')).toEqual([]);
  const found = opened(
    [find, each(v('steps.q.output.records'))],
    [
      ['t', 'q'],
      ['q', 'f'],
    ],
  );
  expect(itemField(found, 'item.email')).toEqual([{ table: 'public.leads', name: 'email' }]);
});

test('of two lists of records a field may be of either', () => {
  const other = { ...find, id: 'r', fields: { table: 'public.tasks' } };
  const two = opened(
    [find, other, each(v('steps.q.output.records')), each(v('steps.r.output.records'), 'g')],
    [
      ['t', 'q'],
      ['q', 'r'],
      ['r', 'f'],
      ['f', 'g'],
    ],
  );
  expect(itemField(two, 'item.done')).toEqual([
    { table: 'public.leads', name: 'done' },
    { table: 'public.tasks', name: 'done' },
  ]);
});

test('a search without a table finds records of the trigger’s', () => {
  const trigger = { on: 'change', connection: 'crm', table: 'public.leads', events: ['update'] };
  const edges = [
    ['t', 'q'],
    ['q', 'f'],
  ];
  const list = each(v('steps.q.output.records'));
  const found = opened([{ ...find, fields: {} }, list], edges, {}, trigger);
  expect(itemSource(found, { ...list, id: 'f', kind: 'for_each' })).toEqual({
    kind: 'record',
    table: 'public.leads',
  });
});

test('the changes that a batch collected have their fields', () => {
  const batch = { policy: { batch: { at_most: 5, within: { amount: 1, unit: 'hours' } } } };
  const list = { ...each(v('batch')), id: 'f', kind: 'for_each' };
  const of = (trigger: JSONObject) => opened([list], [['t', 'f']], batch, trigger);
  const changes = of({ on: 'change', connection: 'crm', table: 'public.leads', events: ['update'] });
  expect(listPaths(changes, 'f', [])).toContain('batch');
  expect(itemSource(changes, list)).toEqual({ kind: 'change', table: 'public.leads' });
  expect(itemField(changes, 'item.after.email')).toEqual([{ table: 'public.leads', name: 'email' }]);
  expect(itemField(changes, 'item.before.email')).toEqual([{ table: 'public.leads', name: 'email' }]);
  expect(itemField(changes, 'item.changed')).toEqual([]);
  const requests = of({ on: 'webhook', sample: { order: 17 } });
  expect(itemField(requests, 'item.after.order')).toEqual([{ path: 'item.after.order', type: 'number' }]);
  expect(itemSource(of({ on: 'webhook' }), list)).toEqual({ kind: 'unknown' });
  expect(itemSource(open({ dialect: 1, name: 'n', nodes: [list], edges: [] }), list)).toEqual({
    kind: 'unknown',
  });
});

test('a list in what a wait received can be gone through', () => {
  const heard = {
    id: 'w',
    kind: 'wait',
    event: 'paid',
    sample: { lines: [{ sku: 'x' }] },
    at_most: { amount: 1, unit: 'days' },
  };
  const list = { ...each(v('steps.w.output.received.lines')), id: 'f', kind: 'for_each' };
  const edges = [
    ['t', 'w'],
    ['w', 'f'],
  ];
  const waited = opened([heard, list], edges, {}, { on: 'manual' });
  expect(listPaths(waited, 'f', [])).toEqual(['steps.w.output.received.lines']);
  expect(itemSource(waited, list)).toEqual({ kind: 'fields', fields: [{ path: 'item.sku', type: 'text' }] });
  const { sample: _, ...silent } = heard;
  const unheard = opened([silent, list], edges, {}, { on: 'manual' });
  expect(listPaths(unheard, 'f', [])).toEqual([]);
  expect(itemSource(unheard, list)).toEqual({ kind: 'unknown' });
});

const trace = (
  outcome: 'succeeded' | 'failed',
  ...steps: readonly (readonly [string, 'succeeded' | 'failed'])[]
) => ({
  outcome,
  steps: steps.map(([node, state]) => ({ node, state })),
});

test('the run of a list is painted past its items, an item behind the list', () => {
  const whole = paint(body, trace('succeeded', ['t', 'succeeded'], ['f', 'succeeded'], ['z', 'succeeded']));
  expect(whole.ended).toBe(true);
  expect(whole.steps.get('n')).toBe('off');
  const item = paint(body, trace('failed', ['n', 'succeeded'], ['m', 'failed']));
  expect([...item.steps]).toEqual([
    ['t', 'off'],
    ['f', 'off'],
    ['n', 'done'],
    ['m', 'failed'],
    ['z', 'off'],
  ]);
  expect(item.taken.has('f:each:1')).toBe(true);
  const tried = paint(body, trace('succeeded', ['t', 'succeeded'], ['f', 'succeeded'], ['n', 'succeeded']));
  expect(tried.taken.has('f:each:0')).toBe(true);
});

test('a list whose items lead elsewhere is drawn by its ways, and painted so', () => {
  const crossing = opened(
    [each(v('after.lines')), tell('n'), tell('z')],
    [
      ['t', 'f'],
      ['f', 'n', 'each'],
      ['n', 'z'],
      ['f', 'z'],
    ],
  );
  expect(crossing.kind).toBe('free');
  const painted = paint(
    crossing,
    trace('succeeded', ['t', 'succeeded'], ['f', 'succeeded'], ['n', 'succeeded']),
  );
  expect([...painted.taken]).toEqual(['t>f', 'f>n:each']);
});

test('what comes after a list reads how many items there were', () => {
  expect(actionsBefore(body, 'z').map((node) => node.id)).toEqual(['f']);
});

test('a list is pasted with what is done for its items', () => {
  const clip = (node: JSONObject) =>
    readClip(JSON.stringify({ ruleyard: 'steps', steps: [{ node, ways: { each: [{ node: tell('n') }] } }] }));
  expect(clip(each(v('after.lines')))).toMatchObject({
    kind: 'steps',
    steps: [{ ways: [{ branch: 'each', steps: [{ node: { id: 'n' } }] }], stops: true }],
  });
  expect(clip({ id: 'f', kind: 'for_each' }).kind).toBe('refusal');
});
