/** Where a search looks, and which records of the table: every one, or those that a condition holds for. */
import { SegmentedControl, Select, Skeleton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTables } from '../api/connections';
import { conditionWords } from '../model/conditionWords';
import { lookedIn, NEW_WHERE } from '../model/finding';
import { objectAt } from '../model/json';
import { toTree } from '../model/recognise';
import { stopped } from '../model/sentence';
import { ConditionEditor } from './ConditionForm';
import { RoomProvider } from './context';
import { Place } from './Place';
import panel from './panel.module.css';
import { SoughtProvider } from './sought';
import { changeNode, useBuilderStore } from './store';
import type { FieldsProps } from './TextField';
import type { SoughtRoom } from './useSoughtRoom';

type WhereProps = FieldsProps & { readonly fresh: boolean; readonly found: SoughtRoom };

export function FindWhere({ node, fields, set, fresh, found }: WhereProps) {
  const { t } = useTranslation();
  const { room, sought, loading } = found;
  const where = fields['where'] ?? null;
  return (
    <div>
      <Text size="sm" fw={600} mb={4} id={`${node.id}-which`}>
        {t('builder.do.find_record.where')}
      </Text>
      <SegmentedControl
        aria-labelledby={`${node.id}-which`}
        fullWidth
        mb="xs"
        data={[
          { value: 'some', label: t('finding.some') },
          { value: 'all', label: t('finding.all') },
        ]}
        value={where === true ? 'all' : 'some'}
        onChange={(chosen) => set('where', chosen === 'all' ? true : NEW_WHERE)}
      />
      {where !== true &&
        (loading ? (
          <Skeleton h={110} />
        ) : (
          <RoomProvider value={room}>
            <SoughtProvider value={sought}>
              <Place at="fields/where">
                <ConditionEditor
                  logic={where}
                  base="fields/where"
                  fresh={fresh}
                  onChange={(logic, typing) => set('where', logic, typing)}
                />
              </Place>
              <div className={panel.quiet} style={{ marginTop: 10 }}>
                <Text size="xs" c="dimmed" fw={600} mb={2}>
                  {t('builder.condition.inWords')}
                </Text>
                {stopped(t('finding.whereWords', { condition: conditionWords(toTree(where), room.words) }))}
              </div>
            </SoughtProvider>
          </RoomProvider>
        ))}
    </div>
  );
}

type FindPlaceProps = FieldsProps & {
  readonly databases: readonly { id: number; name: string; label: string }[];
  readonly name: string;
  readonly connectionId: number | null;
  readonly table: string;
};

export function FindPlace({ node, databases, name, connectionId, table }: FindPlaceProps) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const tables = useTables(connectionId);
  const choose = (connection: string, chosen: string): void =>
    changeNode(store, node.id, (old) => ({
      ...old,
      fields: lookedIn(objectAt(old, 'fields'), connection, chosen),
    }));
  return (
    <>
      {(databases.length > 1 || connectionId === null) && (
        <Place at="fields/connection">
          <Select
            label={t('builder.start.connection')}
            placeholder={t('builder.form.chooseConnection')}
            data={databases.map((one) => ({ value: one.name, label: one.label || one.name }))}
            value={connectionId === null ? null : name}
            onChange={(chosen) => chosen !== null && choose(chosen, '')}
          />
        </Place>
      )}
      <Place at="fields/table">
        <Select
          label={t('builder.do.find_record.table')}
          placeholder={t('builder.form.chooseTable')}
          searchable
          disabled={connectionId === null}
          data={(tables.data?.items ?? []).map((one) => ({ value: one.name, label: one.label }))}
          value={table === '' ? null : table}
          onChange={(chosen) => chosen !== null && chosen !== table && choose(name, chosen)}
        />
      </Place>
    </>
  );
}
