/** Made-up steps, tables, a record and problems: one for every state that a part can be in. */
import type { Badge, CardLight } from '../canvas/board';
import type { Subject } from '../canvas/useTables';
import type { ColumnFacts, ColumnType, Tables } from '../canvas/words';
import type { JSONObject, JSONValue } from '../model/json';
import type { StepPaint } from '../model/paint';
import type { StepProblem } from '../model/problems';
import type { RuleNode } from '../model/rule';

const v = (path: string): JSONObject => ({ var: path });
const column = (name: string, type: ColumnType, choices: string[] = []): ColumnFacts => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  type,
  nullable: true,
  choices,
});

const COLUMNS: readonly ColumnFacts[] = [
  column('status', 'text', ['new', 'callback', 'won']),
  column('budget', 'number'),
  column('city', 'text'),
  column('born', 'date'),
  column('called', 'timestamp'),
  column('vip', 'boolean'),
];

export const TABLES: Tables = {
  column: (path) => COLUMNS.find((one) => path.endsWith(`.${one.name}`)),
  columnsOf: () => COLUMNS,
  tableLabel: () => 'Leads',
  stepTitle: () => undefined,
};

export const SUBJECT: Subject = {
  connectionId: null,
  connection: 'crm',
  table: 'public.leads',
  columns: COLUMNS,
  related: [],
  tables: TABLES,
  watched: true,
};

export const RECORD: JSONObject = {
  status: 'won',
  budget: 5_000_000,
  city: 'Seoul',
  born: '1990-05-17',
  called: null,
  vip: true,
};

/** One row of every kind, for true, false, unknown and error lamps. */
const ROWS: JSONValue = {
  and: [
    { '===': [v('after.status'), 'won'] },
    { in: [v('after.status'), ['new', 'callback']] },
    { '<=': [1_000_000, v('after.budget'), 9_000_000] },
    { '>': [v('after.budget'), v('after.city')] },
    { '<': [v('after.born'), { date_add: [v('now'), -30, 'days'] }] },
    { '===': [v('after.vip'), true] },
    { in: ['Bus', v('after.city')] },
    { is_empty: [v('after.called')] },
    { '!==': [v('before.status'), v('after.status')] },
    { '===': [v('steps.a1.output.status'), 200] },
    { or: [{ '===': [v('after.city'), 'Busan'] }, { '===': [v('after.city')] }] },
    { if: [v('after.vip'), true, false] },
    { '===': [] },
  ],
};

const act = (id: string, kind: string, fields: JSONObject = {}): RuleNode => ({
  id,
  kind: 'action',
  do: kind,
  fields,
});
const start = (id: string, rest: JSONObject): RuleNode => ({
  ...rest,
  id,
  kind: 'trigger',
  connection: 'crm',
  table: 'public.leads',
});
const note = act('note', 'notify', { to: 'everyone', title: { cat: ['Call ', v('after.city')] } });

/** One card of every kind of step. */
export const KINDS: readonly RuleNode[] = [
  start('change', { on: 'change', events: ['update'], columns: ['status'] }),
  start('tick', { on: 'schedule', schedule: { repeat: 'day', at: '09:00', zone: 'Asia/Seoul' } }),
  start('hand', { on: 'manual' }),
  { id: 'check', kind: 'condition', logic: { '===': [v('after.status'), 'won'] } },
  act('mail', 'send_email', { to: v('after.email'), subject: 'Hello' }),
  note,
  act('set', 'update_record', { set: { status: 'callback' } }),
  act('make', 'create_record', { table: 'public.tasks', set: { city: v('after.city') } }),
  act('call', 'call_webhook', { url: 'https://example.org/hook' }),
  act('later', 'made_up'),
  { id: 'wait', kind: 'wait', amount: 2, unit: 'hours' },
  { id: 'end', kind: 'end' },
];

/** The same step in every state that an editor sees. */
export const MARKED: readonly RuleNode[] = [
  { ...note, id: 'selected' },
  { ...note, id: 'problem' },
  { ...note, id: 'warning' },
  { ...note, id: 'off', off: true },
  { ...note, id: 'noted', note: 'Ask Ann before this is changed' },
];

const trouble = (step: string, severity: StepProblem['severity']): StepProblem => ({
  code: 'write-title',
  message: null,
  severity,
  step,
  place: 'fields/title',
  side: null,
  args: {},
  fix: null,
});
export const PROBLEMS = new Map([
  ['problem', [trouble('problem', 'error')]],
  ['warning', [trouble('warning', 'warning')]],
]);

const PAINTS: readonly StepPaint[] = ['done', 'failed', 'waiting', 'running', 'skipped', 'missed', 'off'];
export const PAINTED: readonly RuleNode[] = PAINTS.map((paint) => ({ ...note, id: `paint-${paint}` }));
export const PAINTING = {
  steps: new Map(PAINTS.map((paint) => [`paint-${paint}`, paint])),
  taken: new Set<string>(),
  ended: false,
};

const MARKS = ['new', 'changed', 'removed', 'moved'] as const;
const TONES: Readonly<Record<(typeof MARKS)[number], Badge['tone']>> = {
  new: 'good',
  changed: 'busy',
  removed: 'bad',
  moved: 'still',
};
export const COMPARED: readonly RuleNode[] = MARKS.map((mark) => ({ ...note, id: `mark-${mark}` }));
export const badges = (say: (key: string) => string): ReadonlyMap<string, Badge> =>
  new Map(
    MARKS.map((mark): [string, Badge] => [
      `mark-${mark}`,
      { mark, tone: TONES[mark], text: say(`versions.mark.${mark}`) },
    ]),
  );

const TRUTHS = ['true', 'false', 'unknown', 'error'] as const;
export const LIT: readonly RuleNode[] = TRUTHS.map((truth) => ({
  id: `light-${truth}`,
  kind: 'condition',
  logic: { '===': [v('after.status'), 'won'] },
}));
export const lights = (say: (key: string) => string): ReadonlyMap<string, CardLight> =>
  new Map(
    TRUTHS.map((truth): [string, CardLight] => [
      `light-${truth}`,
      { truth, word: say(`lamps.card.${truth}`), why: '' },
    ]),
  );

/** A rule whose second step is the condition with all rows, and whose If goes with what it holds. */
export const DOCUMENT: JSONObject = {
  dialect: 1,
  name: 'States',
  nodes: [
    start('t', { on: 'change', events: ['update'] }),
    { id: 'c', kind: 'condition', logic: ROWS },
    { ...note, id: 'a1' },
    { id: 'w', kind: 'wait', amount: 2, unit: 'hours' },
  ],
  edges: [
    ['t', 'c'],
    ['c', 'a1', 'yes'],
    ['c', 'w', 'no'],
  ],
};
