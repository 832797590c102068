/** What earlier actions give to later steps: `steps.<id>.output.…`. The mirror of the server's core/step_outputs. Pure. */
import { isObject, textAt } from './json';
import type { RuleNode } from './rule';

export type OutputType = 'text' | 'number' | 'other';

/** A part of an output: a plain value, or a record of the table that the action writes. */
export type Output =
  | { readonly kind: 'value'; readonly name: string; readonly type: OutputType }
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
  notify: [['notified', 'number']],
  send_email: [
    ['subject', 'text'],
    ['message_id', 'text'],
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
  return (VALUES[kind] ?? []).map(([name, type]) => ({ kind: 'value', name, type }));
}

export type OutputPath = {
  readonly step: string;
  readonly part: string;
  /** Of a part that is a record. */
  readonly column: string | null;
};

/** `steps.a1.output.record.id` → step a1, part record, column id. */
export function readOutputPath(path: string): OutputPath | null {
  const [, step = '', part = '', column = null] =
    /^steps\.([^.]+)\.output\.([^.]+)(?:\.([^.]+))?$/.exec(path) ?? [];
  return step === '' ? null : { step, part, column };
}
