/** What a step of a rule is called, and what it gives for later steps to read. */
import type { TFunction } from 'i18next';
import { TEMPORAL } from '../model/finding';
import type { Opened } from '../model/graph';
import { outputsOf, readErrorPath, readOutputPath } from '../model/outputs';
import { nodeIn } from './board';
import { titleKey } from './face';
import type { ColumnFacts } from './words';

type Around = {
  /** Of the record that starts the rule. */
  readonly table: string;
  readonly columnsOf: (table: string) => readonly ColumnFacts[];
};

export function stepTitle(opened: Opened | null, id: string, t: TFunction): string | undefined {
  const node = opened ? nodeIn(opened, id) : undefined;
  return node ? t(`builder.${titleKey(node)}`, { count: 1 }) : undefined;
}

/** The field that `steps.<id>.output.<name>` or `steps.<id>.error.<part>` reads. */
export function stepColumn(
  opened: Opened | null,
  path: string,
  { table, columnsOf }: Around,
  t: TFunction,
): ColumnFacts | undefined {
  const why = readErrorPath(path);
  if (why) {
    const label = t(`ways.error.${why.part}`);
    return { name: why.part, label, type: 'text', nullable: false, choices: [] };
  }
  const at = readOutputPath(path);
  const node = at && opened ? nodeIn(opened, at.step) : undefined;
  const outputs = node ? outputsOf(node, table) : [];
  const output =
    outputs.find((one) => one.name === at?.whole) ?? outputs.find((one) => one.name === at?.part);
  if (output?.kind === 'record') {
    const column = columnsOf(output.table).find((one) => one.name === at?.column);
    return column && output.maybe ? { ...column, nullable: true } : column;
  }
  if (!output || at?.whole !== output.name) return undefined;
  const label = output.title ?? t(`lamps.output.${output.name}`);
  // A sample is one example: what is in it may be missing next time.
  const nullable = output.title !== undefined && !output.sure;
  const { of } = output;
  const kind = of && columnsOf(of.table).find((one) => one.name === of.column)?.type;
  const type = kind !== undefined && TEMPORAL.includes(kind) ? kind : output.type;
  return { name: output.name, label, type, nullable, choices: [] };
}
