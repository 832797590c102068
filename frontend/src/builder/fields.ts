/** The fields that an expression at one step may read, in groups, with what is known of them. */

import type { RelatedFacts } from '../canvas/useTables';
import type { ColumnFacts, Tables } from '../canvas/words';
import { actionsBefore, wentBefore } from '../model/before';
import type { Opened } from '../model/graph';
import { itemSource, listAround } from '../model/items';
import { textsAt } from '../model/json';
import { leadName } from '../model/names';
import { ERROR_PARTS, type Output, outputsOf } from '../model/outputs';
import type { RuleNode } from '../model/rule';
import { sampleFields } from '../model/samples';
import { TODAY_PARTS, type Today, type TodayPart, todayOf, todayPath } from '../model/today';
import { receivedSample, waitKind } from '../model/waits';
import type { Words } from '../model/wording';
import type { Say } from './commands';

export type FieldGroup = {
  readonly group: string;
  readonly items: readonly { value: string; label: string }[];
};

export function triggerOf(opened: Opened): RuleNode | undefined {
  return opened.kind === 'rule' ? opened.trigger : opened.nodes.find((node) => node.kind === 'trigger');
}

/** `after`, or `before` where a deleted record is all there is. */
function recordRoot(trigger: RuleNode | undefined): 'after' | 'before' {
  const events = textsAt(trigger, 'events');
  return events.length === 1 && events[0] === 'delete' ? 'before' : 'after';
}

function outputPaths(id: string, output: Output, tables: Tables): string[] {
  const base = `steps.${id}.output.${output.name}`;
  if (output.kind === 'value') return [base];
  const names = output.only ?? tables.columnsOf(output.table).map((column) => column.name);
  return names.map((name) => `${base}.${name}`);
}

/** What the actions that are certainly done before this step give, the last of them first. */
export function stepGroups(
  opened: Opened,
  step: string,
  table: string,
  tables: Tables,
  words: Words,
  say: Say,
): FieldGroup[] {
  const titles = new Map<string, number>();
  const around = listAround(opened, step);
  const answers = actionsBefore(opened, step)
    .filter((node) => node.id !== around?.id)
    .flatMap((node) => {
      const title = tables.stepTitle(node.id) ?? node.id;
      const count = (titles.get(title) ?? 0) + 1;
      titles.set(title, count);
      const named = count > 1 ? say('lamps.stepNumbered', { step: title, number: count }) : title;
      const went = wentBefore(opened, node.id, step);
      const given =
        went === 'done'
          ? outputsOf(node, table).flatMap((output) => outputPaths(node.id, output, tables))
          : ERROR_PARTS.map((part) => `steps.${node.id}.error.${part}`);
      const items = given.map((path) => ({ value: path, label: words.field(path) }));
      return items.length > 0 ? [{ group: say('lamps.groupStep', { step: named }), items }] : [];
    })
    .reverse();
  return around === null ? answers : [itemGroup(opened, around, tables, words, say), ...answers];
}

/** What a step that is done for each item of a list can read of it. */
function itemGroup(opened: Opened, list: RuleNode, tables: Tables, words: Words, say: Say): FieldGroup {
  const source = itemSource(opened, list);
  const paths =
    source.kind === 'record'
      ? tables.columnsOf(source.table).map((column) => `item.${column.name}`)
      : source.kind === 'change'
        ? tables.columnsOf(source.table).map((column) => `item.after.${column.name}`)
        : source.kind === 'fields'
          ? source.fields.map((field) => field.path)
          : ['item'];
  const items = [...paths, 'index'].map((path) => ({ value: path, label: words.field(path) }));
  return { group: say('items.group'), items };
}

/** The parts of the event that a wait hears, as its sample tells. */
export function receivedGroup(node: RuleNode, words: Words, say: Say): FieldGroup[] {
  const sample = node.kind === 'wait' && waitKind(node) === 'event' ? receivedSample(node) : null;
  const items = (sample ? sampleFields(sample) : []).map(({ path }) => ({
    value: `received.${path}`,
    label: words.field(`received.${path}`),
  }));
  return items.length > 0 ? [{ group: say('lamps.groupReceived'), items }] : [];
}

/** What can be written as it stands; days and months are numbers, which say nothing in a text. */
export const WRITTEN_PARTS: readonly TodayPart[] = ['date', 'time'];

/** The day, the date, the time by the clock of a zone. */
export function todayGroup(zone: string, say: Say, parts: readonly TodayPart[] = TODAY_PARTS): FieldGroup {
  return {
    group: say('builder.today.group'),
    items: parts.map((part) => ({
      value: todayPath({ part, zone }),
      label: say(`builder.today.pick.${part}`),
    })),
  };
}

const NUMBERED = { weekday: 7, month: 12 } as const;

function todayFacts({ part }: Today, path: string): ColumnFacts {
  const count = part === 'weekday' || part === 'month' ? NUMBERED[part] : 0;
  const choices = Array.from({ length: count }, (_, index) => String(index + 1));
  const type = part === 'date' || part === 'time' ? part : 'integer';
  return { name: path, label: path, type, nullable: false, choices };
}

export function fieldGroups(
  opened: Opened,
  columns: readonly ColumnFacts[],
  related: readonly RelatedFacts[],
  words: Words,
  say: Say,
  earlier: readonly FieldGroup[] = [],
): FieldGroup[] {
  const trigger = triggerOf(opened);
  const root = recordRoot(trigger);
  const of = (base: string) =>
    columns.map((column) => ({
      value: `${base}.${column.name}`,
      label: words.field(`${base}.${column.name}`),
    }));
  const groups: FieldGroup[] = [];
  if (columns.length > 0) {
    // The record under its plain names, even where it is the one before the deletion.
    const own = columns.map((column) => ({ value: `${root}.${column.name}`, label: column.label }));
    groups.push({
      group: say(words.sent ? 'builder.field.groupSent' : 'builder.field.groupRecord'),
      items: own,
    });
    if (root === 'after' && textsAt(trigger, 'events').includes('update')) {
      groups.push({ group: say('builder.field.groupBefore'), items: of('before') });
    }
  }
  for (const { key, columns: fields } of related) {
    groups.push({
      group: say('builder.field.groupRelated', { record: leadName(key) }),
      items: fields.map(({ name }) => ({
        value: `related.${key}.${name}`,
        label: words.field(`related.${key}.${name}`),
      })),
    });
  }
  groups.push(...earlier);
  const other = ['now', 'event.at', ...(trigger?.['on'] === 'change' ? ['event.actor'] : [])];
  groups.push({
    group: say('builder.field.groupOther'),
    items: other.map((path) => ({ value: path, label: words.field(path) })),
  });
  return groups;
}

/** What a path holds, also for the fields that are no columns. */
export function factsOf(path: string | null, tables: Tables): ColumnFacts | undefined {
  if (path === null) return undefined;
  const today = todayOf(path);
  if (today) return todayFacts(today, path);
  if (path === 'now' || path === 'event.at') {
    return { name: path, label: path, type: 'timestamp', nullable: false, choices: [] };
  }
  return tables.column(path);
}

/** May nothing stand there? Also where the record itself is not there: before it was added, after it was deleted. */
export function emptiable(path: string, trigger: RuleNode | undefined, tables: Tables): boolean {
  const events = textsAt(trigger, 'events');
  const [root] = path.split('.');
  if (root === 'before' && events.includes('insert')) return true;
  if (root === 'after' && events.includes('delete')) return true;
  return tables.column(path)?.nullable ?? false;
}

/** What systems outside sent: its texts may be dates, nobody knows before it runs. */
const SENT = /^steps\.[^.]+\.output\.(?:received|body)\./;

/**
 * Only the fields that can hold a date or a moment; `chosen` is among them whatever it holds. `noTable`: no table
 * says what the record has.
 */
export function datedGroups(
  groups: readonly FieldGroup[],
  tables: Tables,
  noTable: boolean,
  chosen: string | null,
): FieldGroup[] {
  const dated = (path: string): boolean => {
    const type = factsOf(path, tables)?.type ?? '';
    if (['date', 'timestamp'].includes(type) || path === chosen) return true;
    return type === 'text' && (SENT.test(path) || (noTable && path.startsWith('after.')));
  };
  return groups.flatMap(({ group, items }) => {
    const found = items.filter(({ value }) => dated(value));
    return found.length > 0 ? [{ group, items: found }] : [];
  });
}
