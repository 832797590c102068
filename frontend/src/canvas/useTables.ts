/** What is known of the tables that a rule speaks of, read from the server: column types, labels, choices. */
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { subjectOf, useTableFacts, useTablesFacts } from '../api/builder';
import { useConnections, useTables as useTableList } from '../api/connections';
import { SOUGHT } from '../model/finding';
import { nodesOf, type Opened } from '../model/graph';
import { itemField } from '../model/items';
import { isObject, type JSONValue, objectAt, textAt } from '../model/json';
import { humanise } from '../model/names';
import { indexOf, type RuleNode } from '../model/rule';
import { sampleFields } from '../model/samples';
import { receivedSample } from '../model/waits';
import { stepColumn, stepTitle } from './stepFields';
import type { ColumnFacts, Tables } from './words';

export type Subject = {
  readonly connectionId: number | null;
  readonly connection: string;
  readonly table: string;
  readonly columns: readonly ColumnFacts[];
  /** What the foreign keys of this table lead to, as far as it may be read. */
  readonly related: readonly RelatedFacts[];
  readonly tables: Tables;
  readonly watched: boolean | null;
};

/** The record that one foreign key leads to. */
export type RelatedFacts = {
  readonly key: string;
  readonly table: string;
  readonly columns: readonly ColumnFacts[];
};

const NO_COLUMNS: readonly ColumnFacts[] = [];

/** What of a rule says which tables it speaks of. */
export type SubjectPlace = {
  readonly connection: string;
  readonly table: string;
  /** The other tables that its steps write to, each as "connection table", one a line. */
  readonly written: string;
  /** What another system sends, as JSON, where that starts the rule; "" else. */
  readonly sample: string;
  /** Does another system send what starts the rule? */
  readonly sent: boolean;
};

const NOWHERE: SubjectPlace = { connection: '', table: '', written: '', sample: '', sent: false };
const places = new WeakMap<Opened, SubjectPlace>();

/** Looked up once per value of a rule: the builder asks at every change. */
export function subjectPlace(opened: Opened | null): SubjectPlace {
  if (!opened) return NOWHERE;
  const known = places.get(opened);
  if (known) return known;
  const { connection, table } = subjectOf(opened);
  const start = startOf(opened);
  const sample = textOf(start?.['sample']);
  const sent = start?.['on'] === 'webhook';
  const made = { connection, table, written: writtenTables(opened, connection, table), sample, sent };
  places.set(opened, made);
  return made;
}

function startOf(opened: Opened): RuleNode | undefined {
  return opened.kind === 'rule' ? opened.trigger : opened.nodes.find((node) => node.kind === 'trigger');
}

const textOf = (sample: JSONValue | undefined): string =>
  sample === undefined || sample === null ? '' : JSON.stringify(isObject(sample) ? sample : { body: sample });

/** The parts of a request as fields; any of them may be missing next time. */
function sampleColumns(sample: JSONValue): readonly ColumnFacts[] {
  return sampleFields(sample).map(({ path, type }) => ({
    name: path,
    label: path.split('.').map(humanise).join(' › '),
    type: type === 'list' || type === 'object' ? 'other' : type,
    nullable: true,
    choices: [],
  }));
}

function writtenTables(opened: Opened, connection: string, table: string): string {
  const nodes =
    opened.kind === 'rule' ? [...indexOf(opened).places.values()].map((one) => one.step.node) : opened.nodes;
  const places = nodes.flatMap((node) => {
    const fields = objectAt(node, 'fields');
    const written = textAt(fields, 'table');
    return written === '' || written === table
      ? []
      : [`${textAt(fields, 'connection') || connection} ${written}`];
  });
  return [...new Set(places)].sort().join('\n');
}

const ITEM = 'item.';

/** `record.phone` of the sought table, or `record.owner_id.email` of the one that a foreign key of it leads to. */
export function soughtColumn(
  columns: readonly ColumnFacts[],
  path: string,
  columnsOf: (table: string) => readonly ColumnFacts[],
): ColumnFacts | undefined {
  const name = path.slice(SOUGHT.length);
  const own = columns.find((one) => one.name === name);
  const gap = name.indexOf('.');
  if (own || gap < 0) return own;
  const lead = columns.find((one) => one.name === name.slice(0, gap))?.references;
  const found = lead ? columnsOf(lead).find((one) => one.name === name.slice(gap + 1)) : undefined;
  return found && { ...found, nullable: true };
}

export function useSubject(opened: Opened | null): Subject {
  const latest = useRef(opened);
  latest.current = opened;
  const openedNow = useCallback(() => latest.current, []);
  return useSubjectAt(subjectPlace(opened), openedNow);
}

/** The tables of these places; `openedNow` is asked only for what a step is called. */
export function useSubjectAt(
  { connection, table, written: places, sample, sent }: SubjectPlace,
  openedNow: () => Opened | null,
): Subject {
  const { t } = useTranslation();
  const connections = useConnections();
  const connectionId = connections.data?.items.find((one) => one.name === connection)?.id ?? null;
  const list = useTableList(connectionId);
  const facts = useTableFacts(connectionId, table);
  const sampled = useMemo(() => (sample === '' ? NO_COLUMNS : sampleColumns(JSON.parse(sample))), [sample]);
  const columns = facts.data?.columns ?? sampled;
  const summaries = list.data?.items;
  const written = useMemo(
    () =>
      places
        .split('\n')
        .filter((place) => place !== '')
        .map((place) => {
          const gap = place.indexOf(' ');
          const id = connections.data?.items.find((one) => one.name === place.slice(0, gap))?.id ?? null;
          return { connectionId: id, table: place.slice(gap + 1) };
        }),
    [places, connections.data],
  );
  const others = useTablesFacts(written);
  const targets = useMemo(
    () => [...new Set(columns.flatMap((column) => column.references ?? []))],
    [columns],
  );
  const led = useTablesFacts(
    useMemo(() => targets.map((one) => ({ connectionId, table: one })), [targets, connectionId]),
  );
  const related = useMemo(
    () =>
      columns.flatMap(({ name, references }) => {
        const target = led.find((one) => one.name === references);
        // The record may be gone, so every field of it may be empty.
        const fields = target?.columns
          .filter((one) => one.readable && !one.left_out)
          .map((one) => ({ ...one, nullable: true }));
        return references && fields?.length ? [{ key: name, table: references, columns: fields }] : [];
      }),
    [columns, led],
  );
  const tables = useMemo<Tables>(() => {
    const own = new Map(columns.map((column) => [column.name, column]));
    const columnsOf = (name: string): readonly ColumnFacts[] =>
      name === table ? columns : (others.find((one) => one.name === name)?.columns ?? NO_COLUMNS);
    const ofEvent = (path: string): ColumnFacts => {
      const opened = openedNow();
      const samples = (opened ? nodesOf(opened) : []).flatMap((node) =>
        node.kind === 'wait' ? (receivedSample(node) ?? []) : [],
      );
      const found = samples.flatMap(sampleColumns).find((one) => one.name === path);
      const label = path.split('.').map(humanise).join(' › ');
      return found ?? { name: path, label, type: 'other', nullable: true, choices: [] };
    };
    const ofItem = (path: string): ColumnFacts | undefined => {
      const opened = openedNow();
      for (const found of opened ? itemField(opened, path) : []) {
        if ('table' in found) {
          const column = soughtColumn(columnsOf(found.table), `${SOUGHT}${found.name}`, columnsOf);
          if (column) return column;
          continue;
        }
        const type = found.type === 'list' || found.type === 'object' ? 'other' : found.type;
        const label = path
          .replace(/^item\.(after\.)?/, '')
          .split('.')
          .map(humanise)
          .join(' › ');
        return { name: path, label, type, nullable: true, choices: [] };
      }
      return undefined;
    };
    return {
      sent,
      columnsOf,
      column: (path, other = '') => {
        if (path.startsWith('steps.')) return stepColumn(openedNow(), path, { table, columnsOf }, t);
        if (path.startsWith('received.')) return ofEvent(path.slice('received.'.length));
        if (path === 'index')
          return { name: path, label: path, type: 'number', nullable: false, choices: [] };
        if (path === 'item' || path.startsWith(ITEM)) return ofItem(path);
        const [, key, field] = /^related\.([^.]+)\.([^.]+)$/.exec(path) ?? [];
        if (key !== undefined)
          return related.find((one) => one.key === key)?.columns.find((column) => column.name === field);
        if (path.startsWith(SOUGHT)) return soughtColumn(columnsOf(other || table), path, columnsOf);
        const name = /^(?:after|before)\.(.+)$/.exec(path)?.[1] ?? '';
        if (other === '' || other === table) return own.get(name);
        return columnsOf(other).find((column) => column.name === name);
      },
      tableLabel: (name) => summaries?.find((one) => one.name === name)?.label,
      stepTitle: (id) => stepTitle(openedNow(), id, t),
    };
  }, [columns, related, others, summaries, table, sent, openedNow, t]);
  const watched = facts.data?.watched ?? null;
  return useMemo(
    () => ({ connectionId, connection, table, columns, related, tables, watched }),
    [connectionId, connection, table, columns, related, tables, watched],
  );
}
