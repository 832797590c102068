/** What counts as work that somebody has: the records of which table, by which of its fields, which of them. */
import { Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTableFacts } from '../api/builder';
import { useTables } from '../api/connections';
import type { ColumnFacts } from '../canvas/words';
import { countedIn, countingOnly } from '../model/counting';
import { objectAt, textAt } from '../model/json';
import { CountRows } from './CountRows';
import { Place } from './Place';
import { changeNode, useBuilderStore } from './store';
import type { FieldsProps } from './TextField';

type Props = FieldsProps & {
  readonly connectionId: number | null;
  /** The table that is written, and its fields; '' where there is none. */
  readonly table: string;
  readonly columns: readonly ColumnFacts[];
};

/** Stands for the table that is written. */
const SAME = ' ';

export function CountForm({ node, fields, set, connectionId, table, columns }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const tables = useTables(connectionId);
  const chosen = textAt(fields, 'count_table');
  const elsewhere = chosen !== '' && chosen !== table;
  const facts = useTableFacts(elsewhere ? connectionId : null, chosen);
  const there: readonly ColumnFacts[] = elsewhere ? (facts.data?.columns ?? []) : columns;
  const own = textAt(fields, 'column');
  const column = fields['count_column'] === undefined ? own : textAt(fields, 'count_column');
  const named = tables.data?.items ?? [];
  const choose = (name: string): void =>
    changeNode(store, node.id, (old) => {
      const before = objectAt(old, 'fields');
      // The other table has people in a field of its own, unless nobody is written anywhere else.
      return {
        ...old,
        fields: countedIn(before, name === SAME ? '' : name, name === SAME && own !== '' ? null : ''),
      };
    });
  return (
    <Stack gap="md">
      <Place at="fields/count_table">
        <Select
          label={t('desk.countIn')}
          placeholder={t('builder.form.chooseTable')}
          searchable
          data={[
            ...(table === '' ? [] : [{ value: SAME, label: t('desk.countSame') }]),
            ...named
              .filter((one) => one.name !== table)
              .map((one) => ({ value: one.name, label: one.label })),
            ...(elsewhere && !named.some((one) => one.name === chosen)
              ? [{ value: chosen, label: chosen }]
              : []),
          ]}
          value={elsewhere ? chosen : table === '' ? null : SAME}
          onChange={(name) => name !== null && choose(name)}
        />
      </Place>
      {(elsewhere || fields['count_column'] !== undefined || own === '') && (
        <Place at="fields/count_column">
          <Select
            label={t('desk.countColumn')}
            placeholder={t('builder.form.chooseField')}
            searchable
            data={[
              ...there.map((one) => ({ value: one.name, label: one.label })),
              ...(column === '' || there.some((one) => one.name === column)
                ? []
                : [{ value: column, label: column }]),
            ]}
            value={column === '' ? null : column}
            onChange={(name) => name !== null && set('count_column', name)}
          />
        </Place>
      )}
      <Place at="fields/count_where">
        <CountRows
          columns={there}
          where={objectAt(fields, 'count_where')}
          onChange={(where) =>
            changeNode(store, node.id, (old) => ({
              ...old,
              fields: countingOnly(objectAt(old, 'fields'), where),
            }))
          }
        />
      </Place>
    </Stack>
  );
}
