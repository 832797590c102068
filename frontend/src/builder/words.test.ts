import { describe, expect, test } from 'vitest';
import { makeWords, type Tables } from '../canvas/words';
import english from '../i18n/en/builder.json';
import { open } from '../model/graph';
import type { JSONObject, JSONValue } from '../model/json';
import { problemsByStep } from '../model/problems';
import type { Rule } from '../model/rule';
import { sentence } from '../model/sentence';
import { plain } from '../model/wording';

const tables: Tables = {
  column: (path, table = '') => {
    const name = path.split('.').at(-1) ?? '';
    if (table !== '') {
      const choices = name === 'priority' ? ['low', 'high'] : [];
      const label = name === 'lead_id' ? 'Lead id' : 'Priority';
      return { name, label, type: 'text', nullable: false, choices };
    }
    if (name === 'status' || name === 'source') {
      return {
        name,
        label: name === 'status' ? 'Status' : 'Source',
        type: 'text',
        nullable: false,
        choices: ['new', 'callback', 'referral'],
      };
    }
    return name === 'attempts' || name === 'budget'
      ? {
          name,
          label: name === 'budget' ? 'Budget' : 'Call attempts',
          type: 'number',
          nullable: true,
          choices: [],
        }
      : undefined;
  },
  tableLabel: (table) => (table === 'public.leads' ? 'Leads' : undefined),
  columnsOf: () => [],
  stepTitle: () => undefined,
};

function say(key: string, values: Record<string, unknown> = {}): string {
  const at = (path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>(
        (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
        english,
      );
  const found = at(key) ?? at(`${key}_${values['count'] === 1 ? 'one' : 'other'}`);
  if (typeof found !== 'string') throw new Error(`no words for ${key}`);
  return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
}
const words = makeWords(say, 'en', tables);

const v = (path: string) => ({ var: path });
function rule(nodes: JSONValue[], edges: JSONValue[], trigger: JSONObject = {}): Rule {
  const start = {
    id: 't',
    kind: 'trigger',
    on: 'change',
    connection: 'crm',
    table: 'public.leads',
    events: ['update'],
    ...trigger,
  };
  const opened = open({ dialect: 1, name: 'R', nodes: [start, ...nodes], edges });
  if (opened.kind !== 'rule') throw new Error(opened.why);
  return opened;
}
const told = (one: Rule): string => plain(sentence(one, words));

describe('the sentence', () => {
  const busy = {
    id: 'c',
    kind: 'condition',
    logic: {
      and: [
        { and: [{ '!==': [v('after.attempts'), null] }, { '>=': [v('after.attempts'), 3] }] },
        { or: [{ '>': [v('after.budget'), 5000000] }, { '===': [v('after.source'), 'referral'] }] },
      ],
    },
  };
  const wait = { id: 'w', kind: 'wait', amount: 2, unit: 'hours' };
  const tell = {
    id: 'n',
    kind: 'action',
    do: 'notify',
    fields: { to: 'everyone', title: { cat: ['Call ', v('after.first_name')] } },
  };
  const set = { id: 'u', kind: 'action', do: 'update_record', fields: { set: { owner: 'senior' } } };
  const table: [string, Rule, string][] = [
    ['nothing yet', rule([], []), 'When a lead is updated, nothing happens yet. Add a step below.'],
    [
      'both ways, then more',
      rule(
        [busy, set, wait, tell],
        [
          ['t', 'c'],
          ['c', 'u', 'yes'],
          ['c', 'w', 'no'],
          ['u', 'n'],
          ['w', 'n'],
        ],
        { columns: ['status'] },
      ),
      'When a lead’s Status changes, if Call attempts is at least 3 and (Budget is more than 5,000,000 or Source is Referral), set Owner to senior; otherwise wait 2 hours; and then notify everyone: “Call {First name}”.',
    ],
    [
      'from … to … is said by the start',
      rule(
        [
          {
            id: 'g',
            kind: 'condition',
            logic: {
              and: [{ '===': [v('before.status'), 'new'] }, { '===': [v('after.status'), 'callback'] }],
            },
          },
          tell,
        ],
        [
          ['t', 'g'],
          ['g', 'n', 'yes'],
        ],
        { columns: ['status'] },
      ),
      'When a lead’s Status changes from New to Callback, notify everyone: “Call {First name}”.',
    ],
    [
      'a field of the record, and a choice of another table',
      rule(
        [
          {
            id: 'k',
            kind: 'action',
            do: 'create_record',
            fields: { table: 'public.tasks', set: { lead_id: v('after.id'), priority: 'high' } },
          },
        ],
        [['t', 'k']],
      ),
      'When a lead is updated, create a task with Lead id: {Id} and Priority: High.',
    ],
    [
      'on a schedule',
      rule([tell], [['t', 'n']], {
        on: 'schedule',
        schedule: { repeat: 'week', at: '09:00', days: ['mon', 'fri'], zone: 'UTC' },
      }),
      'When it is 09:00 on Monday and Friday (UTC), for each record of Leads, notify everyone: “Call {First name}”.',
    ],
    [
      'only No',
      rule(
        [{ id: 'c', kind: 'condition', logic: { '===': [v('after.source'), 'new'] } }, wait],
        [
          ['t', 'c'],
          ['c', 'w', 'no'],
        ],
      ),
      'When a lead is updated, unless Source is New, wait 2 hours.',
    ],
  ];
  test.each(table)('%s', (_name, one, expected) => expect(told(one)).toBe(expected));

  test('a long rule is told by its length', () => {
    const nodes = Array.from({ length: 30 }, (_, index) => ({ ...wait, id: `w${index}` }));
    const edges = nodes.map((node, index) => [index === 0 ? 't' : `w${index - 1}`, node.id]);
    expect(told(rule(nodes, edges))).toBe('When a lead is updated, run 30 steps.');
  });
});

describe('problems by step', () => {
  test('what is not filled in hides what the check says of it', () => {
    const one = rule(
      [{ id: 'm', kind: 'action', do: 'send_email', fields: { to: '', subject: 'Hi', body: 'x' } }],
      [['t', 'm']],
    );
    const found = [
      { code: 'bad-fields', path: '/nodes/1/fields/to', message: 'to is empty' },
      { code: 'unknown-column', path: '/nodes/0/columns/0', message: 'no such column' },
      { code: 'nothing-to-do', path: '', message: 'whole' },
    ];
    const problems = problemsByStep(one, found, { nodes: [one.trigger, { id: 'm', kind: 'action' }] });
    expect([...problems].map(([step, list]) => [step, list.map((problem) => problem.code)])).toEqual([
      ['', ['nothing-to-do']],
      ['t', ['unknown-column']],
      ['m', ['choose-recipient']],
    ]);
  });
  test('an empty condition, a missing value and bounds the wrong way round are seen at once', () => {
    const at = (logic: JSONValue): string[] =>
      (
        problemsByStep(rule([{ id: 'c', kind: 'condition', logic }], [['t', 'c']]), [], {}).get('c') ?? []
      ).map((one) => one.code);
    expect(at({ and: [] })).toEqual(['add-condition']);
    expect(at({ '===': [] })).toEqual(['choose-field']);
    expect(at({ '===': [v('after.status')] })).toEqual(['enter-value']);
    expect(at({ '<=': [5, v('after.budget'), 1] })).toEqual(['first-larger']);
    expect(at({ '===': [v('after.status'), v('after.')] })).toEqual(['choose-field']);
    expect(at({ '===': [v('after.status'), 'new'] })).toEqual([]);
  });
});
