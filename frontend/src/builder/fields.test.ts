import { expect, test } from 'vitest';
import { subjectPlace } from '../canvas/useTables';
import type { ColumnFacts, ColumnType, Tables } from '../canvas/words';
import { makeWords } from '../canvas/words';
import builder from '../i18n/en/builder.json';
import { open } from '../model/graph';
import { toTree } from '../model/recognise';
import { todayPath } from '../model/today';
import { columnName, fieldMatches, searchFields } from './fieldSearch';
import {
  datedGroups,
  emptiable,
  factsOf,
  fieldGroups,
  stepGroups,
  todayGroup,
  WRITTEN_PARTS,
} from './fields';
import { lightOf, valueAt } from './lamps/light';
import { type Moment, sightOf } from './lamps/sight';
import { testRecordOf } from './lamps/testRecord';
import { opsFor } from './setup';
import { NO_TEST } from './store';

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

test('today is a group of its own, each part with its own comparisons, the likeliest first', () => {
  const group = todayGroup('Asia/Seoul', (key) => key);
  expect(group.group).toBe('builder.today.group');
  expect(group.items[0]).toEqual({
    value: 'today:weekday:Asia/Seoul',
    label: 'builder.today.pick.weekday',
  });
  const ops = group.items.map(({ value }) => opsFor(factsOf(value, TABLES), value, true, 'is'));
  expect(ops).toEqual([
    ['oneOf', 'notOneOf', 'is', 'isNot'],
    ['gt', 'ge', 'lt', 'le', 'between', 'is', 'isNot'],
    ['between', 'gt', 'ge', 'lt', 'le', 'is'],
    ['is', 'isNot', 'gt', 'ge', 'lt', 'le', 'between', 'oneOf', 'notOneOf'],
    ['is', 'isNot', 'oneOf', 'notOneOf'],
  ]);
  const written = todayGroup('UTC', (key) => key, WRITTEN_PARTS);
  expect(written.items.map(({ value }) => value)).toEqual(['today:date:UTC', 'today:time:UTC']);
  expect(group.items.some(({ value }) => emptiable(value, undefined, TABLES))).toBe(false);
});

test('a lamp and a test take the moment that is looked at for now', () => {
  const record = { title: 'Call', score: 3 };
  const testing = { ...NO_TEST, key: { id: 1 }, record };
  const subject = { connection: 'crm', table: 'public.leads' };
  const moment: Moment = {
    id: 1,
    at: '2026-11-22T16:00:00+00:00',
    op: 'update',
    before: record,
    after: record,
    changed: [],
    actor: null,
    cut: [],
  };
  const weekday = todayPath({ part: 'weekday', zone: 'Asia/Seoul' });
  const monday = toTree({ in: [{ date_part: [{ var: 'now' }, 'weekday', 'Asia/Seoul'] }, [1]] });
  const past = { ...testing, moment };
  const sunday = { ...testing, at: '2026-11-22T01:00:00+00:00' };
  const seen = [past, sunday].map((one) => {
    const sight = sightOf(one);
    return sight && [valueAt(sight.data, weekday), lightOf(monday, sight).kind];
  });
  expect(seen).toEqual([
    [1, 'true'],
    [7, 'false'],
  ]);
  const sent = [past, sunday, testing].map((one) => testRecordOf(one, subject, 'update')?.at);
  expect(sent).toEqual([moment.at, sunday.at, undefined]);
});

test('a group is found by its own words where no field has them', () => {
  const groups = [
    { group: '리드', items: [{ label: '오늘 할 일', value: 'after.todo' }] },
    { group: '오늘', items: [{ label: '요일', value: 'today.weekday' }] },
  ];
  const found = (typed: string): string[] =>
    searchFields(groups, typed).flatMap((one) => ('group' in one ? one.items.map((item) => item.value) : []));
  expect(found('오늘')).toEqual(['after.todo']);
  expect(found('요일')).toEqual(['today.weekday']);
  expect(searchFields(groups.slice(1), '오늘')).toEqual(groups.slice(1));
  expect(found('nothing')).toEqual([]);
});

test('what another system sends is a request, not a record', () => {
  const start = (on: string) => open({ nodes: [{ id: 't', kind: 'trigger', on }], edges: [] });
  expect(subjectPlace(start('webhook')).sent).toBe(true);
  expect(subjectPlace(start('manual')).sent).toBe(false);
  const groups = (tables: Tables) =>
    fieldGroups(
      start('webhook'),
      [title],
      [],
      makeWords((key) => key, 'en', tables),
      (key) => key,
    );
  expect(groups({ ...TABLES, sent: true })[0]?.group).toBe('builder.field.groupSent');
  expect(groups(TABLES)[0]?.group).toBe('builder.field.groupRecord');
});

test('the records that a search found have a name of their own in every language', () => {
  const { field } = builder;
  const say = (key: string) =>
    ({ 'field.found': field.found, 'field.ofStep': '{field} of {step}' })[key] ?? key;
  const words = makeWords(say, 'en', TABLES);
  expect(words.field('steps.a.output.records')).toBe('Records found of Create a record');
  expect(words.field('steps.a.output.body.records')).toContain('Records of ');
});

test('a date is chosen from dates, from texts that another system sent, and stays where it was chosen', () => {
  const column = (type: ColumnType): ColumnFacts => ({ ...title, type });
  const types: Readonly<Record<string, ColumnType>> = {
    'after.on': 'text',
    'after.due': 'date',
    'after.total': 'number',
    'steps.e.output.received.on': 'text',
    'steps.f.output.record.title': 'text',
  };
  const tables: Tables = { ...TABLES, column: (path) => column(types[path] ?? 'other') };
  const groups = [
    { group: 'Record', items: Object.keys(types).map((value) => ({ value, label: value })) },
    { group: 'Other', items: [{ value: 'event.actor', label: 'Actor' }] },
  ];
  const offered = (noTable: boolean, chosen: string | null) =>
    datedGroups(groups, tables, noTable, chosen).flatMap(({ items }) => items.map(({ value }) => value));
  expect(offered(false, null)).toEqual(['after.due', 'steps.e.output.received.on']);
  expect(offered(true, null)).toEqual(['after.on', 'after.due', 'steps.e.output.received.on']);
  expect(offered(false, 'after.total')).toContain('after.total');
  expect(datedGroups(groups, tables, true, null).map(({ group }) => group)).toEqual(['Record']);
});
