import { expect, test } from 'vitest';
import { outputsOf, readOutputPath } from './outputs';

const of = (kind: string, fields?: Record<string, string | Record<string, number>>) =>
  outputsOf({ id: 'a', kind: 'action', do: kind, ...(fields ? { fields } : {}) }, 'public.leads');

test('a new record gives all its fields, an update those that it sets', () => {
  expect(of('create_record', { table: 'public.tasks' })).toEqual([
    { kind: 'record', name: 'record', table: 'public.tasks', only: null },
  ]);
  expect(of('update_record', { set: { owner: 1 } })).toEqual([
    { kind: 'record', name: 'after', table: 'public.leads', only: ['owner'] },
    { kind: 'record', name: 'before', table: 'public.leads', only: ['owner'] },
  ]);
  expect(of('update_record', { table: 'public.tasks' })).toMatchObject([
    { table: 'public.tasks', only: [] },
    {},
  ]);
});

test('other kinds give plain values; an unknown kind nothing', () => {
  expect(of('call_webhook')).toEqual([
    { kind: 'value', name: 'status', type: 'number' },
    { kind: 'value', name: 'body', type: 'other' },
  ]);
  expect(of('emit_event')).toEqual([{ kind: 'value', name: 'started', type: 'number' }]);
  expect(of('run_rule')).toEqual([{ kind: 'value', name: 'rule', type: 'text' }]);
  expect(of('dance')).toEqual([]);
  expect(outputsOf({ id: 'f', kind: 'for_each' }, '').map((one) => one.name)).toEqual([
    'count',
    'succeeded',
    'failed',
    'skipped',
  ]);
});

test('a search gives a record that may not be there, or how many there are', () => {
  expect(of('find_record')).toEqual([
    { kind: 'value', name: 'found', type: 'boolean' },
    { kind: 'record', name: 'record', table: 'public.leads', only: null, maybe: true },
  ]);
  const only = outputsOf(
    { id: 'f', kind: 'action', do: 'find_record', fields: { table: 'public.tasks', columns: ['id'] } },
    '',
  );
  expect(only[1]).toMatchObject({ table: 'public.tasks', only: ['id'] });
  const totals = { paid_sum: { sum: 'paid' }, n: { count: 'id' }, last: { max: 'due_on' } };
  expect(outputsOf({ id: 'f', kind: 'action', do: 'find_records', fields: { totals } }, 'public.a')).toEqual([
    { kind: 'value', name: 'count', type: 'number' },
    { kind: 'value', name: 'totals.paid_sum', type: 'number', title: 'Paid sum' },
    { kind: 'value', name: 'totals.n', type: 'number', title: 'N', sure: true },
    {
      kind: 'value',
      name: 'totals.last',
      type: 'number',
      title: 'Last',
      of: { table: 'public.a', column: 'due_on' },
    },
    { kind: 'value', name: 'more', type: 'boolean' },
  ]);
});

test('a sample answer teaches the fields of a request', () => {
  const node = {
    id: 'a',
    kind: 'action' as const,
    do: 'http_request',
    fields: { answer: { customer: { first_name: 'Lee', vip: true }, tags: ['x'], extra: null } },
  };
  expect(
    outputsOf(node, '').map((one) => (one.kind === 'value' ? [one.name, one.type, one.title] : [])),
  ).toEqual([
    ['status', 'number', undefined],
    ['body', 'other', undefined],
    ['body.customer.first_name', 'text', 'Customer › First name'],
    ['body.customer.vip', 'boolean', 'Customer › Vip'],
    ['body.tags', 'other', 'Tags'],
    ['body.tags.0', 'text', 'Tags › 0'],
    ['body.extra', 'other', 'Extra'],
  ]);
});

test('paths of outputs are read, others are not', () => {
  expect(readOutputPath('steps.a1.output.record.id')).toEqual({
    step: 'a1',
    part: 'record',
    column: 'id',
    whole: 'record.id',
  });
  expect(readOutputPath('steps.a1.output.body.a.0.b')).toMatchObject({ part: 'body', whole: 'body.a.0.b' });
  expect(readOutputPath('steps.a1.output.status')).toEqual({
    step: 'a1',
    part: 'status',
    column: null,
    whole: 'status',
  });
  expect(readOutputPath('after.status')).toBeNull();
  expect(readOutputPath('steps.a1.state')).toBeNull();
});
