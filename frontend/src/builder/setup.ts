/** Which comparisons a type of field has, under which names, and what a new value starts with. */
import type { ColumnFacts } from '../canvas/words';
import type { Op } from '../model/condition';
import { todayOf } from '../model/today';

const ORDER: readonly Op[] = ['gt', 'ge', 'lt', 'le', 'between'];
const CHANGE: readonly Op[] = ['changed', 'changedTo', 'changedFrom', 'changedFromTo'];

/** The comparisons to offer, the chosen one always among them. */
export function opsFor(
  facts: ColumnFacts | undefined,
  path: string | null,
  changes: boolean,
  chosen: Op,
): Op[] {
  const type = facts?.type;
  const text: readonly Op[] = ['contains', 'notContains', 'startsWith', 'endsWith'];
  const empty: readonly Op[] =
    type === 'text' || type === undefined ? ['isEmpty', 'hasValue'] : ['isNull', 'notNull'];
  const base: Op[] = ['is', 'isNot'];
  if (type === 'boolean') base.splice(1, 1);
  else if (facts && facts.choices.length > 0) base.push('oneOf', 'notOneOf');
  else if (type === 'integer' || type === 'number') base.push(...ORDER, 'oneOf', 'notOneOf');
  else if (type === 'date' || type === 'timestamp' || type === 'time')
    base.splice(0, type === 'date' ? 0 : 2, ...ORDER);
  else if (type === 'json' || type === 'array') base.splice(0, 2);
  else base.push(...text, 'oneOf', 'notOneOf');
  // Of today what is asked most comes first.
  const part = todayOf(path ?? '')?.part;
  if (part === 'weekday') base.push(...base.splice(0, 2));
  if (part === 'time') base.unshift(...base.splice(base.indexOf('between'), 1));
  const offered = [
    ...base,
    ...(facts === undefined || facts.nullable ? empty : []),
    ...(changes && path?.startsWith('after.') ? CHANGE : []),
  ];
  return offered.includes(chosen) ? offered : [...offered, chosen];
}

/** Dates speak of before and after, numbers of less and more. */
export function opKey(op: Op, facts: ColumnFacts | undefined): string {
  const timely = facts?.type === 'date' || facts?.type === 'timestamp' || facts?.type === 'time';
  return timely && ['gt', 'ge', 'lt', 'le'].includes(op) ? `builder.op.date_${op}` : `builder.op.${op}`;
}
