import { expect, test } from 'vitest';
import {
  columnsFor,
  freeTotal,
  isFind,
  lookedIn,
  NEW_WHERE,
  searches,
  soughtWords,
  type TotalKind,
  totalsLogic,
  totalsOf,
} from './finding';
import type { Words } from './wording';

test('two kinds of actions search', () => {
  expect(['find_record', 'find_records', 'notify'].map(isFind)).toEqual([true, true, false]);
  expect(NEW_WHERE).toEqual({ and: [{ '===': [] }] });
});

test('a report searches where its rows are no list', () => {
  expect(searches('find_record', {})).toBe(true);
  expect(searches('make_report', { where: true })).toBe(true);
  expect(searches('make_report', { rows: { var: 'batch' } })).toBe(false);
  expect(searches('assign', { where: true })).toBe(false);
});

test('in another table nothing is asked of the old one’s fields, and every record stays every record', () => {
  const fields = {
    title: 'Calls',
    connection: 'crm',
    table: 'public.leads',
    order: { column: 'at' },
    limit: 5,
  };
  expect(lookedIn({ ...fields, where: true }, 'crm', 'public.calls')).toEqual({
    title: 'Calls',
    connection: 'crm',
    table: 'public.calls',
    limit: 5,
    where: true,
  });
  const some = lookedIn({ ...fields, where: { '===': [{ var: 'record.id' }, 1] } }, 'shop', '');
  expect(some).toMatchObject({ connection: 'shop', table: '', where: NEW_WHERE });
});

test('dates have a first and a last, and no sum', () => {
  const columns = ['integer', 'number', 'date', 'time', 'timestamp', 'text'].map((type) => ({ type }));
  const types = (kind: TotalKind | '') => columnsFor(kind, columns).map(({ type }) => type);
  expect(types('sum')).toEqual(['integer', 'number']);
  expect(types('')).toEqual(['integer', 'number']);
  expect(types('min')).toEqual(['integer', 'number', 'date', 'time', 'timestamp']);
  expect(types('max')).toEqual(types('min'));
  expect(types('count')).toEqual(columns.map(({ type }) => type));
});

test('totals are read as they are written, and written as they are read', () => {
  const totals = { paid: { sum: 'amount' }, n: { count: 'id' } };
  expect(totalsOf({ totals })).toEqual([
    { name: 'paid', kind: 'sum', column: 'amount' },
    { name: 'n', kind: 'count', column: 'id' },
  ]);
  expect(totalsLogic(totalsOf({ totals }))).toEqual(totals);
});

test('a total that is not whole asks for a sum of nothing; none leave no trace', () => {
  const odd = totalsOf({ totals: { a: 3, b: {}, c: { median: 'x' } } });
  expect(odd.map((one) => [one.kind, one.column])).toEqual([
    ['', ''],
    ['', ''],
    ['', ''],
  ]);
  expect(totalsLogic(odd.slice(0, 1))).toEqual({ a: { sum: '' } });
  expect(totalsLogic([])).toBeUndefined();
  expect(totalsOf({})).toEqual([]);
});

test('a new total has a name that is free', () => {
  const named = (...names: string[]) => names.map((name) => ({ name, kind: 'sum', column: 'a' }) as const);
  expect(freeTotal([], 'Total')).toBe('Total');
  expect(freeTotal(named('Total', 'Total 2'), 'Total')).toBe('Total 3');
});

test('fields of the sought record are said as those of its table', () => {
  const words = {
    phrase: () => 'this record’s {field}',
    field: (path: string, table?: string) => `${path} of ${table ?? 'own'}`,
    value: (value: unknown, path: string | null, table?: string) => `${value}/${path}/${table ?? 'own'}`,
  };
  const made = soughtWords(words as unknown as Words, 'public.teams');
  expect(made.field('record.name')).toBe('record.name of public.teams');
  expect(made.field('after.name')).toBe('this record’s after.name of ');
  const sent = soughtWords(
    { ...words, sent: true, phrase: (key: string) => `${key}: {field}` } as unknown as Words,
    'x',
  );
  expect(sent.field('after.name')).toBe('field.sent: after.name of ');
  expect(made.field('steps.a.output.n', 'x')).toBe('steps.a.output.n of x');
  expect(made.value(1, 'record.name')).toBe('1/record.name/public.teams');
  expect(made.value(1, null)).toBe('1/null/');
});
