/** The room of a where: its rows ask about a record of another table, and are said in that table's words. */
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTableFacts, useTablesFacts } from '../api/builder';
import { soughtColumn } from '../canvas/useTables';
import { type ColumnFacts, type Tables, useWords } from '../canvas/words';
import { SOUGHT, soughtWords } from '../model/finding';
import { leadName } from '../model/names';
import { type Room, useRoom } from './context';
import type { Sought } from './sought';

const NONE: readonly ColumnFacts[] = [];

/** What rules may read of a table. */
function open(columns: readonly ColumnFacts[]): readonly ColumnFacts[] {
  return columns.filter((one) => one.readable !== false && one.left_out !== true);
}

export type SoughtRoom = {
  readonly room: Room;
  readonly sought: Sought;
  readonly columns: readonly ColumnFacts[];
  readonly loading: boolean;
};

export function useSoughtRoom(connectionId: number | null, table: string): SoughtRoom {
  const { t } = useTranslation();
  const room = useRoom();
  const facts = useTableFacts(connectionId, table);
  const all = facts.data?.columns ?? NONE;
  const targets = useMemo(
    () =>
      [...new Set(all.flatMap((column) => column.references ?? []))].map((one) => ({
        connectionId,
        table: one,
      })),
    [all, connectionId],
  );
  const led = useTablesFacts(targets);
  const columns = useMemo(() => open(all), [all]);
  const columnsOf = useCallback(
    (name: string): readonly ColumnFacts[] => open(led.find((one) => one.name === name)?.columns ?? NONE),
    [led],
  );
  const tables = useMemo<Tables>(
    () => ({
      ...room.subject.tables,
      column: (path, other) =>
        path.startsWith(SOUGHT)
          ? soughtColumn(columns, path, columnsOf)
          : room.subject.tables.column(path, other),
    }),
    [room.subject.tables, columns, columnsOf],
  );
  const spoken = useWords(tables);
  return useMemo(() => {
    const words = soughtWords(spoken, table);
    const item = (path: string) => ({ value: path, label: words.field(path) });
    const groups = [
      {
        group: t('finding.groupSought', { table: words.table(table) }),
        items: columns.map(({ name }) => item(`${SOUGHT}${name}`)),
      },
      ...columns.map(({ name, references }) => ({
        group: t('builder.field.groupRelated', { record: leadName(name) }),
        items: (references ? columnsOf(references) : NONE).map((one) => item(`${SOUGHT}${name}.${one.name}`)),
      })),
    ].filter((group) => group.items.length > 0);
    return {
      room: { ...room, words, subject: { ...room.subject, tables } },
      sought: { connectionId, table, groups },
      columns,
      loading: facts.isLoading,
    };
  }, [room, spoken, tables, columns, columnsOf, table, connectionId, facts.isLoading, t]);
}
