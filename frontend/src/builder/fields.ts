/** The fields that an expression at one step may read, in groups, with what is known of them. */

import type { RelatedFacts } from '../canvas/useTables';
import type { ColumnFacts, Tables } from '../canvas/words';
import type { Opened } from '../model/graph';
import { textsAt } from '../model/json';
import { leadName } from '../model/names';
import type { RuleNode } from '../model/rule';
import type { Words } from '../model/sentence';
import type { Say } from './commands';

export type FieldGroup = {
  readonly group: string;
  readonly items: readonly { value: string; label: string }[];
};

export function triggerOf(opened: Opened): RuleNode | undefined {
  return opened.kind === 'rule' ? opened.trigger : opened.nodes.find((node) => node.kind === 'trigger');
}

/** `after`, or `before` where a deleted record is all there is. */
export function recordRoot(trigger: RuleNode | undefined): 'after' | 'before' {
  const events = textsAt(trigger, 'events');
  return events.length === 1 && events[0] === 'delete' ? 'before' : 'after';
}

export function fieldGroups(
  opened: Opened,
  columns: readonly ColumnFacts[],
  related: readonly RelatedFacts[],
  words: Words,
  say: Say,
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
    groups.push({ group: say('builder.field.groupRecord'), items: own });
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
  if (path === 'now' || path === 'event.at') {
    return { name: path, label: path, type: 'timestamp', nullable: false, choices: [] };
  }
  return tables.column(path);
}
