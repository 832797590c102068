/** The four kinds of wait: for a span of time, until a date, for an event, until something holds for the record. Pure. */
import { isObject, type JSONObject, type JSONValue, objectAt, textAt } from './json';
import type { RuleNode } from './rule';

export const WAIT_KINDS = ['time', 'date', 'event', 'record'] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];
export const WAIT_UNITS = ['seconds', 'minutes', 'hours', 'days'] as const;

const EMPTY: JSONValue = { and: [{ '===': [] }] };
const AT_MOST: JSONObject = { amount: 3, unit: 'days' };

/** Which keys it has says which kind it is. */
export function waitKind(node: RuleNode): WaitKind {
  if (Object.hasOwn(node, 'until')) return 'date';
  if (Object.hasOwn(node, 'event')) return 'event';
  return Object.hasOwn(node, 'logic') ? 'record' : 'time';
}

/** Does it rest for something that may not come in time? Then it can have a path for that. */
export function awaitsSomething(node: RuleNode): boolean {
  return node.kind === 'wait' && ['event', 'record'].includes(waitKind(node));
}

/** A wait of another kind in the place of this one: how long at most stays, where both have it. `zone`: whose clock a date goes by. */
export function asWaitKind(node: RuleNode, kind: WaitKind, zone = 'UTC'): RuleNode {
  const { id, off, note, at_most: known } = node;
  const base: RuleNode = {
    id,
    kind: 'wait',
    ...(off === undefined ? {} : { off }),
    ...(note === undefined ? {} : { note }),
  };
  const at_most = isObject(known) ? known : AT_MOST;
  switch (kind) {
    case 'time':
      return { ...base, amount: 1, unit: 'hours' };
    case 'date':
      return { ...base, until: null, ...(zone === 'UTC' ? {} : { zone }) };
    case 'event':
      return { ...base, event: '', at_most };
    case 'record':
      return { ...base, logic: EMPTY, at_most };
  }
}

/** What an event must be to end the wait; without it any of its type does. */
export function withWhere(node: RuleNode, where: JSONValue | undefined): RuleNode {
  const { where: _, ...rest } = node;
  return where === undefined ? rest : { ...rest, where };
}

export const NEW_WHERE = EMPTY;

/** How long it waits at most, as amount and unit; 0 where that is not said. */
export function atMostOf(node: RuleNode): { readonly amount: number; readonly unit: string } {
  const span = objectAt(node, 'at_most');
  return {
    amount: typeof span['amount'] === 'number' ? span['amount'] : 0,
    unit: textAt(span, 'unit') || 'days',
  };
}

/** The data of one such event as later steps read them: an object as it is, anything else under `body`. */
export function receivedSample(node: RuleNode): JSONObject | null {
  const sample = node['sample'];
  if (sample === undefined || sample === null) return null;
  return isObject(sample) ? sample : { body: sample };
}
