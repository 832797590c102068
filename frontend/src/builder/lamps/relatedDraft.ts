/** A small draft that does nothing but read related records: tried on a record, its answer says what they hold. Pure. */
import type { RelatedFacts } from '../../canvas/useTables';
import { pathsIn } from '../../model/condition';
import { nodesOf, type Opened } from '../../model/graph';
import type { JSONObject } from '../../model/json';

/** The foreign keys that the rule looks through, in a fixed order. */
export function keysLookedThrough(opened: Opened): readonly string[] {
  const found = known.get(opened) ?? keysIn(opened);
  known.set(opened, found);
  return found;
}

const known = new WeakMap<Opened, readonly string[]>();

function keysIn(opened: Opened): readonly string[] {
  const keys = nodesOf(opened)
    .flatMap((node) => pathsIn(node))
    .flatMap((path) => /^related\.([^.]+)\./.exec(path)?.[1] ?? []);
  return [...new Set(keys)].sort();
}

export function relatedDraft(
  connection: string,
  table: string,
  related: readonly RelatedFacts[],
  keys: readonly string[],
): JSONObject {
  const reads = related
    .filter((one) => keys.includes(one.key))
    .flatMap(({ key, columns }) =>
      columns.map(({ name }) => ({ '===': [{ var: `related.${key}.${name}` }, null] })),
    );
  return {
    dialect: 1,
    name: 'Related records',
    nodes: [
      { id: 't', kind: 'trigger', on: 'change', connection, table, events: ['update'] },
      { id: 'c', kind: 'condition', logic: { or: reads } },
      { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: '-' } },
    ],
    edges: [
      ['t', 'c'],
      ['c', 'n', 'yes'],
    ],
  };
}
