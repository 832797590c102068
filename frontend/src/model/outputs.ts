/** What earlier actions give to later steps: `steps.<id>.output.…`. The mirror of the server's core/step_outputs. Pure. */
import { isObject, textAt } from './json';
import { humanise } from './names';
import type { RuleNode } from './rule';
import { type SampleType, sampleFields } from './samples';

export type OutputType = 'text' | 'number' | 'boolean' | 'other';

/** A part of an output: a plain value, or a record of the table that the action writes. `title`: what a sample calls it. */
export type Output =
  | { readonly kind: 'value'; readonly name: string; readonly type: OutputType; readonly title?: string }
  | {
      readonly kind: 'record';
      readonly name: string;
      readonly table: string;
      readonly only: readonly string[] | null;
    };

const VALUES: Readonly<Record<string, readonly (readonly [string, OutputType])[]>> = {
  call_webhook: [
    ['status', 'number'],
    ['body', 'other'],
  ],
  http_request: [
    ['status', 'number'],
    ['body', 'other'],
  ],
  notify: [['notified', 'number']],
  send_email: [
    ['subject', 'text'],
    ['message_id', 'text'],
  ],
  send_sms: [
    ['to', 'text'],
    ['id', 'text'],
    ['parts', 'number'],
  ],
};

/** `table`: the rule's own, which an update writes unless it says another. An update gives only what it sets. */
export function outputsOf(node: RuleNode, table: string): readonly Output[] {
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
  const values: readonly Output[] = (VALUES[kind] ?? []).map(([name, type]) => ({
    kind: 'value',
    name,
    type,
  }));
  const sample = kind === 'http_request' ? fields['answer'] : undefined;
  return sample === undefined ? values : [...values, ...learnt(sampleFields(sample))];
}

const KEPT: Readonly<Record<SampleType, OutputType>> = {
  text: 'text',
  number: 'number',
  boolean: 'boolean',
  list: 'other',
  object: 'other',
  other: 'other',
};

function learnt(found: ReturnType<typeof sampleFields>): Output[] {
  return found.map(({ path, type }) => ({
    kind: 'value',
    name: `body.${path}`,
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
