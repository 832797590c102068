/** What is written to a record: to the one that started the rule, or to a new one. */
import { Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTableFacts } from '../api/builder';
import { useConnections, useTables } from '../api/connections';
import { objectAt, textAt } from '../model/json';
import { useRoom } from './context';
import { Place } from './Place';
import { Preview } from './Preview';
import { SetRows } from './SetRows';
import { changeNode, useBuilderStore } from './store';
import type { FieldsProps } from './TextField';
import { useWritten } from './useWritten';

export function UpdateForm({ node, fields, set }: FieldsProps) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const { table, columns } = useWritten(fields);
  const named = words.table(table);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {table === ''
          ? t('builder.do.update_record.noRecord')
          : t(`builder.do.update_record.${fields['key'] === undefined ? 'explain' : 'byKey'}`, {
              table: named,
            })}
      </Text>
      <Place at="fields/set">
        <SetRows
          label={t('builder.do.update_record.set')}
          columns={columns}
          set={objectAt(fields, 'set')}
          asksRequired={false}
          onChange={(next, key) => set('set', next, key !== undefined)}
        />
      </Place>
      <Preview node={node} />
    </Stack>
  );
}

export function CreateForm({ node, fields, set }: FieldsProps) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const connections = useConnections();
  const databases = (connections.data?.items ?? []).filter((one) => one.kind === 'postgres');
  const name = textAt(fields, 'connection') || subject.connection;
  const connectionId = databases.find((one) => one.name === name)?.id ?? null;
  const tables = useTables(connectionId);
  const table = textAt(fields, 'table');
  const facts = useTableFacts(connectionId, table);
  return (
    <Stack gap="md">
      {(databases.length > 1 || connectionId === null) && (
        <Place at="fields/connection">
          <Select
            label={t('builder.start.connection')}
            placeholder={t('builder.form.chooseConnection')}
            data={databases.map((one) => ({ value: one.name, label: one.label || one.name }))}
            value={connectionId === null ? null : name}
            onChange={(chosen) => set('connection', chosen ?? undefined)}
          />
        </Place>
      )}
      <Place at="fields/table">
        <Select
          label={t('builder.do.create_record.table')}
          placeholder={t('builder.form.chooseTable')}
          searchable
          data={(tables.data?.items ?? []).map((one) => ({ value: one.name, label: one.label }))}
          value={table === '' ? null : table}
          onChange={(chosen) =>
            chosen !== null &&
            changeNode(store, node.id, (old) => ({
              ...old,
              fields: { ...objectAt(old, 'fields'), connection: name, table: chosen, set: {} },
            }))
          }
        />
      </Place>
      {table !== '' && (
        <Place at="fields/set">
          <SetRows
            label={t('builder.do.create_record.set')}
            columns={facts.data?.columns ?? []}
            set={objectAt(fields, 'set')}
            asksRequired
            onChange={(next, key) => set('set', next, key !== undefined)}
          />
        </Place>
      )}
      <Preview node={node} />
    </Stack>
  );
}
