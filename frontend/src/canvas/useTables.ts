/** What is known of the tables that a rule speaks of, read from the server: column types, labels, choices. */
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { subjectOf, useTableFacts } from '../api/builder';
import { useConnections, useTables as useTableList } from '../api/connections';
import type { Opened } from '../model/graph';
import { nodeIn } from './board';
import { titleKey } from './face';
import type { ColumnFacts, Tables } from './words';

export type Subject = {
  readonly connectionId: number | null;
  readonly connection: string;
  readonly table: string;
  readonly columns: readonly ColumnFacts[];
  readonly tables: Tables;
  readonly watched: boolean | null;
};

const NO_COLUMNS: readonly ColumnFacts[] = [];

export function useSubject(opened: Opened | null): Subject {
  const { t } = useTranslation();
  const { connection, table } = opened ? subjectOf(opened) : { connection: '', table: '' };
  const connections = useConnections();
  const connectionId = connections.data?.items.find((one) => one.name === connection)?.id ?? null;
  const list = useTableList(connectionId);
  const facts = useTableFacts(connectionId, table);
  const columns = facts.data?.columns ?? NO_COLUMNS;
  const summaries = list.data?.items;
  const latest = useRef(opened);
  latest.current = opened;
  const tables = useMemo<Tables>(() => {
    const byName = new Map(columns.map((column) => [column.name, column]));
    return {
      column: (path) => byName.get(/^(?:after|before)\.([^.]+)$/.exec(path)?.[1] ?? ''),
      tableLabel: (name) => summaries?.find((one) => one.name === name)?.label,
      stepTitle: (id) => {
        const node = latest.current ? nodeIn(latest.current, id) : undefined;
        return node ? t(`builder.${titleKey(node)}`, { count: 1 }) : undefined;
      },
    };
  }, [columns, summaries, t]);
  return { connectionId, connection, table, columns, tables, watched: facts.data?.watched ?? null };
}
