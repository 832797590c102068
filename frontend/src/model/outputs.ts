/** What earlier actions give to later steps: `steps.<id>.output.…`. The mirror of the server's core/step_outputs. Pure. */
import { isEnd, isFind, totalsOf } from './finding';
import { isObject, type JSONObject, textAt, textsAt } from './json';
import { humanise } from './names';
import type { RuleNode } from './rule';
import { type SampleType, sampleFields } from './samples';
import { receivedSample, waitKind } from './waits';

export type OutputType = 'text' | 'number' | 'boolean' | 'other';

/** A part of an output: a plain value, or a record of the table that the action writes. `title`: what a sample calls it. */
export type Output =
  | {
      readonly kind: 'value';
      readonly name: string;
      readonly type: OutputType;
      readonly title?: string;
      /** Is there always one, though it has a title? */
      readonly sure?: true;
      /** The column of which it is the first or the last value; where that holds dates, it is one. */
      readonly of?: { readonly table: string; readonly column: string };
    }
  | {
      readonly kind: 'record';
      readonly name: string;
      readonly table: string;
      readonly only: readonly string[] | null;
      /** Is it perhaps not there? */
      readonly maybe?: true;
    };

const VALUES: Readonly<Record<string, readonly (readonly [string, OutputType])[]>> = {
  call_webhook: [
    ['status', 'number'],
    ['body', 'other'],
  ],
  assign: [
    ['person', 'text'],
    ['before', 'text'],
    ['position', 'number'],
    ['kept', 'boolean'],
  ],
  queue_call: [
    ['call', 'number'],
    ['position', 'number'],
    ['phone', 'text'],
    ['list', 'text'],
    ['merged', 'boolean'],
  ],
  http_request: [
    ['status', 'number'],
    ['body', 'other'],
  ],
  make_report: [
    ['report', 'number'],
    ['title', 'text'],
    ['file', 'text'],
    ['rows', 'number'],
    ['size', 'number'],
  ],
  notify: [['notified', 'number']],
  emit_event: [['started', 'number']],
  run_rule: [['rule', 'text']],
  ask_approval: [
    ['answer', 'text'],
    ['by', 'text'],
    ['comment', 'text'],
    ['at', 'text'],
  ],
  send_email: [
    ['subject', 'text'],
    ['message_id', 'text'],
  ],
  send_sms: [
    ['to', 'text'],
    ['sent', 'boolean'],
    ['id', 'text'],
    ['parts', 'number'],
  ],
};

const COUNTS = ['count', 'succeeded', 'failed', 'skipped'] as const;

/** `table`: the rule's own, which an update writes unless it says another. An update gives only what it sets. */
export function outputsOf(node: RuleNode, table: string): readonly Output[] {
  if (node.kind === 'wait') return awaitedOutputs(node, table);
  if (node.kind === 'for_each') return COUNTS.map((name) => ({ kind: 'value', name, type: 'number' }));
  const kind = textAt(node, 'do');
  const fields = isObject(node['fields']) ? node['fields'] : {};
  const written = textAt(fields, 'table') || (kind === 'update_record' ? table : '');
  const set = isObject(fields['set']) ? Object.keys(fields['set']) : [];
  if (kind === 'create_record') return [{ kind: 'record', name: 'record', table: written, only: null }];
  if (kind === 'update_record') {
    return [
      { kind: 'record', name: 'after', table: written, only: set },
      { kind: 'record', name: 'before', table: written, only: set },
    ];
  }
  if (isFind(kind)) return foundBy(kind, fields, table);
  const values: readonly Output[] = (VALUES[kind] ?? []).map(([name, type]) => ({
    kind: 'value',
    name,
    type,
  }));
  const sample = kind === 'http_request' ? fields['answer'] : undefined;
  return sample === undefined ? values : [...values, ...learnt(sampleFields(sample))];
}

/** What a search keeps: a record that may not be there, or how many there are and what they come to. */
function foundBy(kind: string, fields: JSONObject, table: string): Output[] {
  if (kind === 'find_record') {
    const only = textsAt(fields, 'columns');
    return [
      { kind: 'value', name: 'found', type: 'boolean' },
      {
        kind: 'record',
        name: 'record',
        table: textAt(fields, 'table') || table,
        only: only.length === 0 ? null : only,
        maybe: true,
      },
    ];
  }
  const sought = textAt(fields, 'table') || table;
  return [
    { kind: 'value', name: 'count', type: 'number' },
    ...totalsOf(fields).map(
      ({ name, kind: total, column }): Output => ({
        kind: 'value',
        name: `totals.${name}`,
        type: 'number',
        title: humanise(name),
        ...(total === 'count' ? { sure: true } : {}),
        ...(isEnd(total) ? { of: { table: sought, column } } : {}),
      }),
    ),
    { kind: 'value', name: 'more', type: 'boolean' },
  ];
}

/** What ended a wait: the data of the event, or the record as it was then. */
function awaitedOutputs(node: RuleNode, table: string): readonly Output[] {
  if (waitKind(node) === 'record') return [{ kind: 'record', name: 'after', table, only: null }];
  const sample = waitKind(node) === 'event' ? receivedSample(node) : null;
  return sample === null ? [] : learnt(sampleFields(sample), 'received');
}

const KEPT: Readonly<Record<SampleType, OutputType>> = {
  text: 'text',
  number: 'number',
  boolean: 'boolean',
  list: 'other',
  object: 'other',
  other: 'other',
};

function learnt(found: ReturnType<typeof sampleFields>, below = 'body'): Output[] {
  return found.map(({ path, type }) => ({
    kind: 'value',
    name: `${below}.${path}`,
    type: KEPT[type],
    title: path.split('.').map(humanise).join(' › '),
  }));
}

export type OutputPath = {
  readonly step: string;
  readonly part: string;
  /** Of a part that is a record. */
  readonly column: string | null;
  /** The part with all that is below it: `body.customer.name`. */
  readonly whole: string;
};

/** What a step that failed tells to the steps on its failed path. */
export const ERROR_PARTS = ['message', 'code'] as const;

/** `steps.a1.error.message` → step a1, part message. */
export function readErrorPath(path: string): { step: string; part: (typeof ERROR_PARTS)[number] } | null {
  const [, step = '', named] = /^steps\.([^.]+)\.error\.([^.]+)$/.exec(path) ?? [];
  const part = ERROR_PARTS.find((one) => one === named);
  return part === undefined ? null : { step, part };
}

/** `steps.a1.output.record.id` → step a1, part record, column id. */
export function readOutputPath(path: string): OutputPath | null {
  const [, step = '', whole = ''] = /^steps\.([^.]+)\.output\.(.+)$/.exec(path) ?? [];
  if (step === '') return null;
  const [part = '', ...rest] = whole.split('.');
  return { step, part, column: rest.length === 0 ? null : rest.join('.'), whole };
}
