/** What is known of the tables that several documents speak of: each table is asked for once, however many name it. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { placeName, subjectOf, type TablePlace, useFactsByPlace } from '../api/builder';
import { useConnections } from '../api/connections';
import type { Opened } from '../model/graph';
import { nodesOf } from '../model/graph';
import { objectAt, textAt } from '../model/json';
import { stepColumn, stepTitle } from './stepFields';
import { subjectPlace } from './useTables';
import type { ColumnFacts, Tables } from './words';

const RELATED = /"related\.([^."]+)\./g;

/** The tables that a document starts from or writes to. */
export function placesOf(opened: Opened): TablePlace[] {
  const own = subjectOf(opened);
  const written = nodesOf(opened).flatMap((node) => {
    const fields = objectAt(node, 'fields');
    const table = textAt(fields, 'table');
    return table === '' ? [] : [{ connection: textAt(fields, 'connection') || own.connection, table }];
  });
  return [own, ...written].filter((place) => place.connection !== '' && place.table !== '');
}

/** The foreign keys whose records a document reads. */
function keysRead(opened: Opened): string[] {
  return [...JSON.stringify(nodesOf(opened)).matchAll(RELATED)].map((match) => match[1] ?? '');
}

function oneALine(places: readonly TablePlace[]): string {
  return [...new Set(places.map(placeName))].sort().join('\n');
}

/** The words of tables for each of these documents, as far as they are known by now. */
export function useNamedTables(documents: readonly Opened[]): (opened: Opened) => Tables {
  const { t } = useTranslation();
  const connections = useConnections();
  const ids = useMemo(
    () => new Map((connections.data?.items ?? []).map((one) => [one.name, one.id])),
    [connections.data],
  );
  const facts = useFactsByPlace(
    useMemo(() => oneALine(documents.flatMap(placesOf)), [documents]),
    ids,
  );
  const led = useFactsByPlace(
    useMemo(
      () =>
        oneALine(
          documents.flatMap((opened) => {
            const own = subjectOf(opened);
            const columns = facts[placeName(own)]?.columns ?? [];
            return keysRead(opened).flatMap((key) => {
              const table = columns.find((column) => column.name === key)?.references;
              return table ? [{ connection: own.connection, table }] : [];
            });
          }),
        ),
      [documents, facts],
    ),
    ids,
  );
  return useMemo(() => {
    const known = { ...led, ...facts };
    return (opened) => {
      const { connection, table } = subjectOf(opened);
      const columnsOf = (name: string): readonly ColumnFacts[] =>
        (
          known[placeName({ connection, table: name })] ??
          Object.values(known).find((one) => one.name === name)
        )?.columns ?? [];
      return {
        sent: subjectPlace(opened).sent,
        columnsOf,
        column: (path, other = '') => {
          if (path.startsWith('steps.')) return stepColumn(opened, path, { table, columnsOf }, t);
          const [, key, field] = /^related\.([^.]+)\.([^.]+)$/.exec(path) ?? [];
          const lead = columnsOf(table).find((column) => column.name === key)?.references;
          if (key !== undefined) return columnsOf(lead ?? '').find((column) => column.name === field);
          const name = /^(?:after|before)\.([^.]+)$/.exec(path)?.[1];
          return columnsOf(other === '' ? table : other).find((column) => column.name === name);
        },
        tableLabel: (name) => Object.values(known).find((one) => one.name === name)?.label,
        stepTitle: (id) => stepTitle(opened, id, t),
      };
    };
  }, [facts, led, t]);
}
