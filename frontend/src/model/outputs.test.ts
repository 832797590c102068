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
  expect(of('dance')).toEqual([]);
});

test('paths of outputs are read, others are not', () => {
  expect(readOutputPath('steps.a1.output.record.id')).toEqual({ step: 'a1', part: 'record', column: 'id' });
  expect(readOutputPath('steps.a1.output.status')).toEqual({ step: 'a1', part: 'status', column: null });
  expect(readOutputPath('after.status')).toBeNull();
  expect(readOutputPath('steps.a1.state')).toBeNull();
});
