import { describe, expect, test } from 'vitest';
import { documentOf, open } from './graph';
import type { JSONObject, JSONValue } from './json';
import { checkable, foundOf, inReadingOrder, problemsByStep, unfilledProblems } from './problems';
import type { Rule } from './rule';

const v = (path: string): JSONObject => ({ var: path });

function rule(node: JSONObject, trigger: JSONObject = { on: 'manual' }): Rule {
  const opened = open({
    nodes: [
      { id: 't', kind: 'trigger', ...trigger },
      { id: 's', ...node },
    ],
    edges: [['t', 's']],
  });
  if (opened.kind !== 'rule') throw new Error(opened.why);
  return opened;
}

const said = (one: Rule): string[] => unfilledProblems(one).map(({ code, place }) => `${code} ${place}`);
const act = (kind: string, fields: JSONObject = {}): JSONObject => ({ kind: 'action', do: kind, fields });
const check = (logic: JSONValue): JSONObject => ({ kind: 'condition', logic });

test('a start at a field that nobody named is worth a look, and stops nobody', () => {
  const trigger = { on: 'change', table: 'leads', events: ['update'], columns: [] };
  const [told] = unfilledProblems(rule({ kind: 'end' }, trigger));
  expect(told).toMatchObject({ code: 'every-field', place: 'columns', severity: 'warning' });
});

test('what is only worth a look hides nothing that the check says of the start', () => {
  const trigger = { on: 'change', table: 'leads', events: ['update'], columns: [] };
  const opened = rule({ kind: 'end' }, trigger);
  const told = { path: '/nodes/0/table', code: 'not-watched', message: '', severity: 'error' as const };
  const found = foundOf([{ ...told, node: 't' }]);
  const codes = problemsByStep(opened, found, documentOf(opened))
    .get('t')
    ?.map((one) => one.code);
  expect(codes).toEqual(['every-field', 'not-watched']);
});

describe('what is not filled in', () => {
  const table: [string, JSONObject, string[]][] = [
    ['a wait', { kind: 'wait' }, ['enter-amount amount']],
    ['a wait of nothing', { kind: 'wait', amount: 0 }, ['enter-amount amount']],
    ['a wait of two', { kind: 'wait', amount: 2 }, []],
    ['an end', { kind: 'end' }, []],
    [
      'a mail',
      act('send_email'),
      ['choose-recipient fields/to', 'write-subject fields/subject', 'write-message fields/body'],
    ],
    [
      'a mail to nobody',
      act('send_email', { to: [], subject: 'x', body: 'x' }),
      ['choose-recipient fields/to'],
    ],
    [
      'a mail of HTML',
      act('send_email', { to: 'a@x.eu', subject: 'x', html: '' }),
      ['write-message fields/html'],
    ],
    ['a text message', act('send_sms'), ['choose-receiver fields/to', 'write-message fields/text']],
    [
      'a report of no table',
      act('make_report', { title: 'x', table: '', where: true }),
      ['choose-table fields/table'],
    ],
    [
      'a report of records that nobody said',
      act('make_report', { title: 'x', table: 'leads', where: { and: [{ '===': [] }] } }),
      ['choose-field fields/where/and/0'],
    ],
    ['a report of a table', act('make_report', { title: 'x', where: true }), []],
    ['a report', act('make_report'), ['write-report-title fields/title', 'choose-rows fields/rows']],
    ['people', act('assign', { column: '' }), ['choose-people fields/people', 'choose-field fields/column']],
    ['a team', act('assign', { people: ['ann'] }), []],
    [
      'a team whose work is counted by nothing',
      act('assign', {
        people: ['ann'],
        by: 'least_busy',
        count_table: 'tasks',
        count_column: '',
        count_where: { status: [], done: [false], kind: 'call' },
      }),
      ['choose-field fields/count_column', 'enter-value fields/count_where/status'],
    ],
    ['a team that is counted', act('assign', { people: ['ann'], by: 'least_busy' }), []],
    ['a team in turn', act('assign', { people: ['ann'], count_where: { status: [] } }), []],
    ['a queued call', act('queue_call'), ['enter-list fields/list', 'choose-phone fields/phone']],
    ['a request', act('http_request'), ['enter-address fields/url']],
    ['an event of no type', act('emit_event', { type: '' }), ['enter-event-type fields/type']],
    ['a rule that is to be chosen', act('run_rule', { rule: {} }), ['choose-rule fields/rule']],
    ['a rule that nobody named', act('run_rule'), ['choose-rule fields/rule']],
    ['a rule that is named', act('run_rule', { rule: { name: 'Call back' } }), []],
    [
      'a search',
      act('find_record', { table: '', where: { and: [{ '===': [] }] } }),
      ['choose-table fields/table', 'choose-field fields/where/and/0'],
    ],
    [
      'a search of no value',
      act('find_records', { table: 'leads', where: { '===': [v('record.phone')] } }),
      ['enter-value fields/where'],
    ],
    ['a search for all', act('find_records', { table: 'leads', where: true }), []],
    ['a search without a where', act('find_record'), []],
    ['a list that is to be chosen', { kind: 'for_each', over: '' }, ['choose-list over']],
    ['a list', { kind: 'for_each', over: { var: 'after.lines' } }, []],
    ['a note', act('notify', { title: null }), ['write-title fields/title']],
    ['a call', act('call_webhook'), ['enter-address fields/url']],
    ['a record of nothing', act('create_record', { table: 'leads' }), ['choose-what-to-set fields/set']],
    [
      'a record of empty fields',
      act('create_record', { set: { a: '', b: v('after.') } }),
      ['choose-table fields/table', 'enter-value fields/set/a', 'choose-field fields/set/b'],
    ],
    ['a change of nothing', act('update_record'), ['choose-what-to-set fields/set']],
    ['a field that is cleared', act('update_record', { set: { a: null } }), []],
    ['an action of another day', act('dance'), []],
    ['a condition', { kind: 'condition' }, []],
    ['an advanced condition', check({ if: [true, 1] }), []],
    ['an empty group', check({ and: [] }), ['add-condition logic']],
    ['a field that nobody chose', check({ '===': [v('after.a'), v('after.')] }), ['choose-field logic']],
    ['bounds the wrong way round', check({ '<=': [5, v('after.n'), 1] }), ['first-larger logic']],
    ['half of between', check({ '<=': [1, v('after.n'), null] }), ['enter-both logic']],
    ['between fields', check({ '<=': [v('after.a'), v('after.n'), v('after.b')] }), []],
    ['between numbers', check({ '<=': [1, v('after.n'), 2] }), []],
  ];
  test.each(table)('%s', (_name, node, expected) => expect(said(rule(node))).toEqual(expected));

  test.each<[JSONObject, string[]]>([
    [{ on: 'schedule' }, []],
    [{ on: 'schedule', connection: 'crm', table: '' }, ['choose-table table']],
    [{ on: 'schedule', connection: 'crm', table: 'leads' }, []],
    [{ on: 'date', table: '' }, ['choose-table table']],
    [{ on: 'date', table: 'leads', column: '' }, ['choose-date column']],
    [{ on: 'date', table: 'leads', column: 'due_on' }, []],
    [{ on: 'change' }, ['choose-table table']],
    [{ on: 'change', table: 'leads' }, ['choose-event events']],
    [{ on: 'change', table: 'leads', events: [] }, ['choose-event events']],
    [{ on: 'change', table: 'leads', events: ['insert'] }, []],
    [{ on: 'change', table: 'leads', events: ['update'], columns: [] }, ['every-field columns']],
    [{ on: 'change', table: 'leads', events: ['update'], columns: ['status'] }, []],
  ])('a start %j', (trigger, expected) => expect(said(rule({ kind: 'end' }, trigger))).toEqual(expected));
});

describe('what the check found', () => {
  const one = rule(act('notify', { title: 'x' }));
  const checked = checkable(one);
  const found = (problem: JSONObject) => foundOf([{ code: 'x', path: '', message: 'm', ...problem }]);

  test('arguments and fixes that cannot be read are left out', () => {
    expect(found({ args: { a: 1 } })[0]?.args).toEqual({ a: 1 });
    expect(foundOf([{ code: 'x', path: '', message: '', args: { a: () => 1 } }])[0]?.args).toEqual({});
    expect(foundOf([{ code: 'x', path: '', message: '', args: 'no' }])[0]?.args).toEqual({});
    const broken = { label: 'l', path: '/a', value: () => 1 };
    expect(foundOf([{ code: 'x', path: '', message: '', fix: broken }])[0]?.fix).toBeNull();
  });

  test('of a step that is gone it says nothing', () => {
    expect([...problemsByStep(one, found({ node: 'gone', path: '/name' }), checked)]).toEqual([]);
    expect(problemsByStep(one, found({ path: '/nodes/7' }), checked).get('')).toHaveLength(1);
  });

  test('of a condition without logic, and of a document without steps, it says what it can', () => {
    const bare = rule({ kind: 'condition' });
    expect(
      problemsByStep(bare, found({ path: '/nodes/1/logic' }), checkable(bare)).get('s')?.[0],
    ).toMatchObject({
      place: 'logic',
      side: null,
    });
    const empty = open({ name: 'no steps' });
    expect(problemsByStep(empty, found({ path: '/name' }), {}).get('')).toHaveLength(1);
    expect(problemsByStep(empty, found({ node: 's' }), {}).size).toBe(0);
  });

  test('what says nothing of arguments has none', () => {
    const [bare] =
      problemsByStep(one, [{ code: 'x', path: '/nodes/1', message: '' }], checked).get('s') ?? [];
    expect([bare?.args, bare?.fix]).toEqual([{}, null]);
  });

  test('it is told in reading order, with its severity', () => {
    const both = foundOf([
      { code: 'b', path: '/nodes/1/fields/title', message: '', severity: 'warning' },
      { code: 'a', path: '', message: '' },
      { code: 'c', path: '/nodes/1/do', message: '', node: 's' },
    ]);
    const told = inReadingOrder(one, problemsByStep(one, both, checked));
    expect(told.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      'a error',
      'c error',
      'b warning',
    ]);
  });
});

test('what is complete is checked as it is', () => {
  const one = rule(check({ '===': [v('after.a'), 1] }));
  expect(checkable(one)).toEqual(checkable(one));
  const free = open({ nodes: [], edges: [] });
  expect(checkable(free)).toBe(free.kind === 'free' ? free.document : null);
});
