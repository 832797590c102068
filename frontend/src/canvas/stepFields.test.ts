/** What later steps know of the totals of a search. */
import type { TFunction } from 'i18next';
import { expect, test } from 'vitest';
import { open } from '../model/graph';
import { stepColumn } from './stepFields';
import type { ColumnFacts } from './words';

const totals = { last: { max: 'due_on' }, most: { max: 'score' }, all: { sum: 'due_on' } };
const opened = open({
  dialect: 1,
  name: 'n',
  nodes: [
    { id: 't', kind: 'trigger', on: 'manual', connection: 'crm', table: 'public.leads' },
    { id: 'f', kind: 'action', do: 'find_records', fields: { table: 'public.tasks', where: true, totals } },
  ],
  edges: [['t', 'f']],
});
const column = (name: string, type: ColumnFacts['type']): ColumnFacts => ({
  name,
  label: name,
  type,
  nullable: true,
  choices: [],
});
const said = ((key: string) => key) as unknown as TFunction;
const columns = [column('due_on', 'date'), column('score', 'integer')];

test('the last of dates is a date, of numbers a number', () => {
  const around = {
    table: 'public.leads',
    columnsOf: (table: string) => (table === 'public.tasks' ? columns : []),
  };
  const typeOf = (name: string) => stepColumn(opened, `steps.f.output.totals.${name}`, around, said)?.type;
  expect(['last', 'most', 'all'].map(typeOf)).toEqual(['date', 'number', 'number']);
});
