import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_TABLES } from '../canvas/words';
import { LANGUAGES, spoken, wordsOf } from '../i18n/spoken';
import { filledRule } from './arbitrary';
import { type Condition, toLogic } from './condition';
import { conditionWords, templateWords } from './conditionWords';
import type { JSONObject, JSONValue } from './json';
import type { Rule, RuleNode, Step } from './rule';
import { sentence, stopped } from './sentence';
import { conditionCount, isGroup, stepWords, toneOf } from './stepWords';
import { fill, plain } from './wording';

const t = await spoken(['builder']);
const words = wordsOf(t('en'), 'en');
const sent = wordsOf(t('en'), 'en', { ...NO_TABLES, sent: true });
const v = (path: string): JSONObject => ({ var: path });
const today = (part: string): JSONValue => ({ date_part: [v('now'), part, 'Asia/Seoul'] });
const status: JSONValue = { '===': [v('after.status'), 'won'] };

test.each(['ko', 'zh', 'ru'] as const)(
  'a group of people is told from an address, and has its name in %s',
  (language) => {
    const groups = ['everyone', 'viewer', 'editor', 'publisher', 'admin'];
    expect([...groups, 'kim@example.com', '', undefined, v('after.owner')].filter(isGroup)).toEqual(groups);
    for (const group of groups) expect(t(language)(`builder.who.${group}`)).not.toBe(group);
  },
);

describe('a step in words', () => {
  const start = (rest: JSONObject): RuleNode => ({
    id: 't',
    kind: 'trigger',
    table: 'public.leads',
    ...rest,
  });
  const act = (kind: string, fields: JSONObject = {}): RuleNode => ({
    id: 'a',
    kind: 'action',
    do: kind,
    fields,
  });
  const check = (logic?: JSONValue): RuleNode => ({
    id: 'c',
    kind: 'condition',
    ...(logic === undefined ? {} : { logic }),
  });
  const change = (rest: JSONObject): RuleNode => start({ on: 'change', ...rest });
  const table: [RuleNode, string][] = [
    [start({ on: 'manual' }), 'someone presses Run for a lead'],
    [start({ on: 'manual', table: '' }), 'someone presses Run'],
    [start({ on: 'comet' }), 'something happens'],
    [start({ on: 'webhook' }), 'another system sends a request'],
    [start({ on: 'webhook', event: 'order.created' }), 'another system announces “order.created”'],
    [start({ on: 'date', column: '' }), 'it is the day of a lead’s …, at 09:00 (UTC)'],
    [
      start({
        on: 'date',
        column: 'due_on',
        amount: 3,
        unit: 'working_days',
        at: '08:30',
        zone: 'Asia/Seoul',
      }),
      'it is 3 working days before a lead’s Due on, at 08:30 (Asia/Seoul)',
    ],
    [
      start({ on: 'date', column: 'born_on', amount: 1, side: 'after', yearly: true }),
      'it is 1 day after a lead’s Born on, at 09:00 (UTC), every year',
    ],
    [
      start({ on: 'schedule', schedule: { repeat: 'weekday', at: '09:00', zone: 'UTC' } }),
      'it is 09:00 on a weekday (UTC), for each record of Leads',
    ],
    [
      start({ on: 'schedule', table: '', schedule: { repeat: 'minutes', every: 5 } }),
      'it is time, every 5 minutes',
    ],
    [change({ table: '' }), '…'],
    [change({ events: [] }), '…'],
    [change({ events: ['delete', 'insert'] }), 'a lead is created or deleted'],
    [change({ events: ['update'], columns: ['status', 'owner'] }), 'a lead’s Status or Owner changes'],
    [
      change({ events: ['insert', 'update'], columns: ['status'] }),
      'a lead is created or its Status changes',
    ],
    [check(), 'an advanced condition holds'],
    [check({ in: [v('after.status'), ['won', 'lost']] }), 'Status is won or lost'],
    [check({ '<=': [1, v('after.n'), 5] }), 'N is between 1 and 5'],
    [check({ '<=': [null, v('after.n'), null] }), 'N is between … and …'],
    [check({ '===': [] }), '… is …'],
    [check({ '<': [v('after.at'), { date_add: [v('now'), -7, 'days'] }] }), 'At is before 7 days ago'],
    [check({ '<': [v('after.at'), { date_add: [v('now'), 1, 'days'] }] }), 'At is before 1 day from now'],
    [check({ '===': [v('after.a'), v('after.b')] }), 'A is B'],
    [check({ in: [today('weekday'), [5, 4, 3, 2, 1]] }), 'today (Seoul time) is a weekday'],
    [check({ '!': [{ in: [today('weekday'), [6, 7]] }] }), 'today (Seoul time) is not Saturday or Sunday'],
    [check({ '<=': [today('date'), v('after.due_on')] }), 'today (Seoul time) is no later than Due on'],
    [check({ '>': [v('after.due_on'), today('date')] }), 'Due on is after today (Seoul time)'],
    [check({ '>': [today('day'), v('after.n')] }), 'the day of the month (Seoul time) is more than N'],
    [check({ '!': [{ and: [status, status] }] }), 'not: Status is won and Status is won'],
    [act('send_email'), 'send an email to …: “…”'],
    [act('send_email', { to: '', subject: '' }), 'send an email to …: “…”'],
    [act('send_email', { to: v('after.email'), subject: 'Hi' }), 'send an email to {Email}: “Hi”'],
    [
      act('send_email', { to: ['a@x.eu', v('after.email')], subject: 'Hi' }),
      'send an email to ["a@x.eu",{"var":"after.email"}]: “Hi”',
    ],
    [act('notify', { title: 'Hi' }), 'notify everyone: “Hi”'],
    [act('notify', { to: '', title: 'Hi' }), 'notify everyone: “Hi”'],
    [act('notify', { to: 'admin', title: 'Hi' }), 'notify all administrators: “Hi”'],
    [act('notify', { to: 'ann@x.eu', title: 'Hi' }), 'notify ann@x.eu: “Hi”'],
    [act('notify', { to: v('after.owner'), title: 3 }), 'notify {Owner}: “3”'],
    [act('call_webhook'), 'call …'],
    [act('call_webhook', { url: '' }), 'call …'],
    [act('call_webhook', { url: 'https://x.eu/a/b' }), 'call x.eu'],
    [act('call_webhook', { url: 'x.eu/a' }), 'call x.eu/a'],
    [act('call_webhook', { url: v('after.url') }), 'call {Url}'],
    [{ id: 'f', kind: 'for_each' }, 'for each of …'],
    [{ id: 'f', kind: 'for_each', over: '' }, 'for each of …'],
    [{ id: 'f', kind: 'for_each', over: v('after.lines') }, 'for each of Lines'],
    [{ id: 'f', kind: 'for_each', over: { merge: [1] } }, 'for each of …'],
    [act('send_sms'), 'text …: “…”'],
    [act('send_sms', { to: '', text: 'Hi' }), 'text …: “Hi”'],
    [act('send_sms', { to: v('after.phone'), text: 'Hi' }), 'text {Phone}: “Hi”'],
    [
      act('send_sms', { to: v('after.phone'), text: 'Hi', unless_listed: true }),
      'text {Phone}, unless on the do-not-call list: “Hi”',
    ],
    [
      act('make_report', { title: { cat: ['Calls of ', v('after.owner')] } }),
      'make the report “Calls of {Owner}”',
    ],
    [act('assign'), 'give it to … in turn'],
    [act('assign', { people: ['ann', '', { person: 'bob', weight: 2 }] }), 'give it to ann or bob in turn'],
    [
      act('assign', { people: [v('after.owner')], by: 'least_busy' }),
      'give it to {Owner}, whoever has the least to do',
    ],
    [act('assign', { people: [1, 2, 3, 4, 5, 6] }), 'give it to 1, 2, 3, 4, or 5 … in turn'],
    [act('queue_call', { phone: v('after.phone'), list: 'VIP' }), 'put a call to {Phone} into “VIP”'],
    [act('http_request'), 'ask …'],
    [act('http_request', { url: 'https://x.eu/a/b' }), 'ask x.eu'],
    [act('http_request', { connection: 'shop', url: '' }), 'ask shop'],
    [act('http_request', { connection: 'shop', url: '/orders' }), 'ask shop/orders'],
    [act('http_request', { connection: 'shop', url: { cat: ['a/', v('after.id')] } }), 'ask shop/a/{Id}'],
    [act('emit_event'), 'announce the event “…”'],
    [act('emit_event', { type: 'order.paid' }), 'announce the event “order.paid”'],
    [act('run_rule'), 'run the rule “…”'],
    [act('run_rule', { rule: { id: 7, name: 'Call back' } }), 'run the rule “Call back”'],
    [act('update_record'), 'update the record'],
    [act('update_record', { set: { called_on: today('date') } }), 'set Called on to today (Seoul time)'],
    [act('update_record', { set: { owner: 'ann', n: { '+': [1, 2] } } }), 'set Owner to ann and N to …'],
    [act('create_record', { table: 'public.tasks' }), 'create a task'],
    [
      act('find_record', { table: 'public.tasks', where: { '===': [v('record.phone'), v('after.phone')] } }),
      'find a task where Phone is this record’s Phone',
    ],
    [act('find_record', { where: true }), 'find the first of all records'],
    [act('find_records', { table: 'public.tasks', where: true }), 'find all Tasks'],
    [act('find_records', { table: 'public.tasks' }), 'find Tasks where an advanced condition holds'],
    [act('dance'), 'do “dance”'],
    [{ id: 'w', kind: 'wait', amount: 2, unit: 'hours' }, 'wait 2 hours'],
    [{ id: 'w', kind: 'wait' }, 'wait …'],
    [{ id: 'e', kind: 'end' }, 'stop'],
    [{ id: 'x', kind: 'spaceship', speed: 9 }, 'do “spaceship”'],
  ];
  test.each(table.map(([node, told]) => [told, node] as const))('%s', (told, node) =>
    expect(stepWords(node, words)).toBe(told),
  );

  test('where another system starts the rule, there is a request and no record', () => {
    const where = { '===': [v('record.phone'), v('after.phone')] };
    const find = act('find_record', { table: 'public.tasks', where });
    expect(stepWords(find, sent)).toBe('find a task where Phone is the request’s Phone');
  });

  test('has a tone', () => {
    const tones = [
      'send_email',
      'send_sms',
      'notify',
      'update_record',
      'find_record',
      'call_webhook',
      'assign',
      'queue_call',
    ].map((kind) => toneOf(act(kind)));
    expect(tones).toEqual(['tell', 'tell', 'tell', 'data', 'data', 'connect', 'data', 'tell']);
    expect([start({}), check(), { id: 'w', kind: 'wait' }].map(toneOf)).toEqual(['when', 'if', 'wait']);
  });

  test('says how many conditions it has', () => {
    expect(conditionCount(check({ and: [status, { or: [status, status] }] }))).toBe(3);
    expect(conditionCount(check())).toBe(1);
  });
});

test('groups inside groups stand in brackets, a lone one does not', () => {
  const leaf = { kind: 'advanced', logic: true } as const;
  const group = (...items: Condition[]): Condition => ({ kind: 'group', mode: 'any', items });
  expect(conditionWords(group(leaf, group(leaf, leaf)), words)).toBe(
    'an advanced condition holds or (an advanced condition holds or an advanced condition holds)',
  );
  expect(conditionWords(group(group(leaf)), words)).toBe('an advanced condition holds');
});

test('text with fields is told with their names; a list of texts one by one', () => {
  expect(templateWords({ cat: ['Hi ', v('after.first_name')] }, words)).toBe('Hi {First name}');
  expect(templateWords(['a', v('after.b')], words)).toBe('a and {B}');
  expect(templateWords({ '+': [1, 2] }, words)).toBe('…');
  expect(templateWords(undefined, words)).toBe('');
});

test('a template says its words in its own order; a slot that nobody fills is left out', () => {
  const part = { kind: 'phrase', step: 's', tone: 'if', text: 'it rains' } as const;
  const parts = fill('{when}, {what} and {nothing}.', {
    when: [part, { kind: 'text', text: '!' }],
    what: 'go',
  });
  expect(parts).toEqual([part, { kind: 'text', text: '!, go and .' }]);
});

test('what is open at its end has no full stop after it', () => {
  expect(['If a is ….', '如果……。', 'It rains.', 'Now …'].map(stopped)).toEqual([
    'If a is …',
    '如果……',
    'It rains.',
    'Now …',
  ]);
});

describe('the whole rule', () => {
  const trigger: RuleNode = {
    id: 't',
    kind: 'trigger',
    on: 'change',
    table: 'public.leads',
    events: ['update'],
    columns: ['status'],
  };
  const wait: Step = { kind: 'plain', node: { id: 'w', kind: 'wait', amount: 2, unit: 'hours' } };
  const split = (yes: readonly Step[], no: readonly Step[], logic: JSONValue = status): Step => ({
    kind: 'if',
    node: { id: 'c', kind: 'condition', logic },
    yes,
    no,
  });
  const told = (...steps: Step[]): string =>
    plain(sentence({ kind: 'rule', head: {}, trigger, steps }, words));
  const was = { '===': [v('before.status'), 'new'] };
  const is = { '===': [v('after.status'), 'won'] };
  const other = { '!==': [v('before.status'), 'won'] };
  const left = { '!==': [v('after.status'), 'new'] };
  const table: [string, string, string][] = [
    ['nothing on either side', told(split([], [])), 'When a lead’s Status changes, check if Status is won.'],
    [
      'a step after another',
      told(wait, wait),
      'When a lead’s Status changes, wait 2 hours and then wait 2 hours.',
    ],
    [
      'a step that is not whole',
      told({ kind: 'plain', node: { id: 'w', kind: 'wait' } }),
      'When a lead’s Status changes, wait …',
    ],
    [
      'a step after an If',
      told(split([wait], []), wait),
      'When a lead’s Status changes, if Status is won, wait 2 hours; and then wait 2 hours.',
    ],
    [
      'from and to',
      told(split([wait], [], { and: [was, is] })),
      'When a lead’s Status changes from new to won, wait 2 hours.',
    ],
    [
      'to',
      told(split([wait], [], { and: [other, is] })),
      'When a lead’s Status changes to won, wait 2 hours.',
    ],
    [
      'from',
      told(split([wait], [], { and: [was, left] })),
      'When a lead’s Status changes from new, wait 2 hours.',
    ],
    [
      'a change with nothing to do',
      told(split([], [], { and: [was, left] })),
      'When a lead’s Status changes from new, nothing happens yet. Add a step below.',
    ],
  ];
  test.each(table)('%s', (_name, said, expected) => expect(said).toBe(expected));
});

describe.each(LANGUAGES)('in %s', (language) => {
  const spokenWords = wordsOf(t(language), language);
  const faults = /undefined|\{\{\s*\w+\s*\}\}|\[object|NaN/;

  test('any rule has a sentence, and every step its words, without holes', () => {
    fc.assert(
      fc.property(filledRule, (rule: Rule) => {
        const parts = sentence(rule, spokenWords);
        const text = plain(parts);
        expect(text.trim()).not.toBe('');
        expect(text).not.toMatch(faults);
        for (const part of parts) expect(part.text).not.toBe('');
      }),
      { numRuns: 100 },
    );
  });

  test('any condition has its words', () => {
    fc.assert(
      fc.property(filledRule, (rule: Rule) => {
        const walk = (steps: readonly Step[]): void => {
          for (const step of steps) {
            expect(stepWords(step.node, spokenWords)).not.toMatch(faults);
            expect(stepWords(step.node, spokenWords).trim()).not.toBe('');
            if (step.kind === 'if') [step.yes, step.no].forEach(walk);
          }
        };
        walk(rule.steps);
      }),
      { numRuns: 60 },
    );
  });
});

test('a comparison that is half filled in has dots', () => {
  const half: Condition = {
    kind: 'comparison',
    field: 'after.n',
    op: 'between',
    args: [{ kind: 'value', value: 1 }],
    guards: [],
  };
  expect(conditionWords(half, words)).toBe('N is between 1 and …');
  expect(toLogic(half)).toEqual({ '<=': [1, v('after.n'), null] });
});

describe('the hours of a rule', () => {
  const rule = (hours?: JSONObject): Rule => ({
    kind: 'rule',
    head: { policy: hours === undefined ? {} : { hours } },
    trigger: { id: 't', kind: 'trigger', on: 'manual' },
    steps: [{ kind: 'plain', node: { id: 'w', kind: 'wait', amount: 2, unit: 'hours' } }],
  });

  test('stand behind what it does', () => {
    const said = sentence(rule({ calendar: 'Seoul office' }), words);
    expect(plain(said)).toBe('When someone presses Run, wait 2 hours. Only in the hours of “Seoul office”.');
    expect(said.at(-2)).toEqual({
      kind: 'phrase',
      step: 't',
      tone: 'wait',
      text: 'in the hours of “Seoul office”',
    });
    const own = { zone: 'Asia/Seoul', days: ['mon', 'tue', 'wed', 'sat'], between: ['09:00', '18:00'] };
    expect(plain(sentence(rule(own), words))).toMatch(
      /Only Monday, Tuesday, Wednesday, and Saturday, 09:00–18:00 \(Asia\/Seoul\)\.$/,
    );
  });

  test('are not said where they hold nothing up', () => {
    const plainly = plain(sentence(rule(), words));
    expect(plain(sentence(rule({ calendar: 'Seoul office', outside: 'run' }), words))).toBe(plainly);
  });

  test.each(LANGUAGES)('have their words in %s', (language) => {
    const own = wordsOf(t(language), language);
    for (const hours of [{ calendar: 'X' }, { zone: 'UTC', between: ['09:00', '18:00'] }, { zone: 'UTC' }])
      expect(plain(sentence(rule(hours), own))).not.toMatch(/hours\.(calendar|own|wholeDay|days)|[{}]/);
  });
});
