/** The kinds of start, and what a start node of each holds. Pure. */
import { type JSONObject, listAt, objectAt, textAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { zoneHere } from '../ui/zones';

export const STARTS = [
  'insert',
  'update',
  'field',
  'saved',
  'delete',
  'schedule',
  'date',
  'webhook',
  'manual',
] as const;
export type StartKind = (typeof STARTS)[number];

export function kindOf(node: RuleNode): StartKind {
  const on = textAt(node, 'on');
  if (on === 'schedule' || on === 'date' || on === 'webhook' || on === 'manual') return on;
  const events = listAt(node, 'events');
  if (Array.isArray(node['columns'])) return 'field';
  if (events.includes('insert') && events.includes('update')) return 'saved';
  return events[0] === 'insert' || events[0] === 'delete' ? events[0] : 'update';
}

const EVENTS: Readonly<Record<string, readonly string[]>> = {
  insert: ['insert'],
  update: ['update'],
  field: ['update'],
  saved: ['insert', 'update'],
  delete: ['delete'],
};

/** The start node for another kind; the table chosen stays. */
export function startNode(
  node: RuleNode,
  kind: StartKind,
  columns: readonly string[],
  connection: string,
): RuleNode {
  const { id } = node;
  const table = textAt(node, 'table');
  const where: JSONObject = { connection: textAt(node, 'connection') || connection, table };
  if (kind === 'schedule') {
    const schedule = objectAt(node, 'schedule');
    const fresh = { repeat: 'weekday', at: '09:00', zone: zoneHere() };
    return {
      id,
      kind: 'trigger',
      on: 'schedule',
      schedule: Object.keys(schedule).length > 0 ? schedule : fresh,
    };
  }
  if (kind === 'date')
    return {
      id,
      kind: 'trigger',
      on: 'date',
      ...where,
      column: '',
      amount: 0,
      at: '09:00',
      zone: zoneHere(),
    };
  if (kind === 'webhook') return { id, kind: 'trigger', on: 'webhook' };
  if (kind === 'manual') return { id, kind: 'trigger', on: 'manual', ...(table === '' ? {} : where) };
  return {
    id,
    kind: 'trigger',
    on: 'change',
    ...where,
    events: [...(EVENTS[kind] ?? [])],
    ...(kind === 'field' ? { columns: [...columns] } : {}),
  };
}
