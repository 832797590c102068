import { expect, test } from 'vitest';
import type { ColumnFacts, Tables } from '../canvas/words';
import { makeWords } from '../canvas/words';
import { open } from '../model/graph';
import { columnName, fieldMatches } from './fieldSearch';
import { emptiable, stepGroups } from './fields';

const title: ColumnFacts = { name: 'title', label: 'Title', type: 'text', nullable: false, choices: [] };
const score: ColumnFacts = { name: 'score', label: 'Score', type: 'integer', nullable: true, choices: [] };
const TABLES: Tables = {
  column: (path) => [title, score].find((one) => path.endsWith(`.${one.name}`)),
  columnsOf: (table) => (table === 'public.tasks' ? [title] : []),
  tableLabel: () => undefined,
  stepTitle: () => 'Create a record',
};

test('earlier steps are offered, the nearest first, each under its own name', () => {
  const say = (key: string, values?: Record<string, unknown>) =>
    key.includes('Numbered')
      ? `${values?.['step']} (${values?.['number']})`
      : key.endsWith('groupStep')
        ? `From ${values?.['step']}`
        : key;
  const make = (id: string) => ({
    id,
    kind: 'action',
    do: 'create_record',
    fields: { table: 'public.tasks', set: {} },
  });
  const opened = open({
    nodes: [
      { id: 't', kind: 'trigger' },
      make('a'),
      make('b'),
      { id: 'n', kind: 'action', do: 'notify', fields: {} },
      { id: 'x', kind: 'end' },
    ],
    edges: [
      ['t', 'a'],
      ['a', 'b'],
      ['b', 'n'],
      ['n', 'x'],
    ],
  });
  const words = makeWords((key) => (key === 'field.ofStep' ? '{field} of {step}' : key), 'en', TABLES);
  const groups = stepGroups(opened, 'n', 'public.leads', TABLES, words, say);
  expect(groups.map((group) => group.group)).toEqual(['From Create a record (2)', 'From Create a record']);
  expect(groups[0]?.items).toEqual([
    { value: 'steps.b.output.record.title', label: 'Title of Create a record' },
  ]);
  expect(stepGroups(opened, 'a', 'public.leads', TABLES, words, say)).toEqual([]);
});

test('a field may be empty where its column may, and where there is no record', () => {
  const on = (...events: string[]) => ({ id: 't', kind: 'trigger', events });
  expect(emptiable('after.score', on('update'), TABLES)).toBe(true);
  expect(emptiable('after.title', on('update'), TABLES)).toBe(false);
  expect(emptiable('before.title', on('insert', 'update'), TABLES)).toBe(true);
  expect(emptiable('after.title', on('update', 'delete'), TABLES)).toBe(true);
  expect(emptiable('now', on('update'), TABLES)).toBe(false);
});

test('a field is found by its label and by its column', () => {
  expect(fieldMatches('Source', 'after.utm_src', 'utm')).toBe(true);
  expect(fieldMatches('Owner’s team', 'related.owner_id.team', 'team own')).toBe(true);
  expect(fieldMatches('Source', 'after.utm_src', 'budget')).toBe(false);
  expect(columnName('Source', 'after.utm_src')).toBe('utm_src');
  expect(columnName('First name', 'after.first_name')).toBe('');
  expect(columnName('Now', 'now')).toBe('');
});
