/** What a rule does to the world, each kind of thing once, in words. Pure but for the words handed in. */
import { nodesOf, type Opened } from '../model/graph';
import { objectAt, textAt } from '../model/json';
import { isOff } from '../model/switched';
import type { Words } from '../model/wording';

type Say = (key: string, values: Record<string, unknown>) => string;

/** `table`: the one that the rule starts from. Steps that are switched off do nothing. */
export function touchesOf(opened: Opened, table: string, words: Words, say: Say): string[] {
  const said = nodesOf(opened)
    .filter((node) => node.kind === 'action' && !isOff(node))
    .map((node) => {
      const fields = objectAt(node, 'fields');
      const written = textAt(fields, 'table') || table;
      const columns = Object.keys(objectAt(fields, 'set')).map((column) =>
        words.field(`after.${column}`, written),
      );
      return say(`builder.touches.${textAt(node, 'do')}`, {
        table: words.table(written),
        columns: words.list(columns, 'and'),
        defaultValue: textAt(node, 'do'),
      });
    });
  return [...new Set(said)];
}
