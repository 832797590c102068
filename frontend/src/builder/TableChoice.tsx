/** The records that a rule is about: their database, their table, and whether its changes are watched. */
import { Button, Select } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useTables, useWatchSwitch } from '../api/connections';
import { notWatchedText } from '../i18n/notWatchedText';
import type { JSONObject } from '../model/json';
import type { RuleNode } from '../model/rule';
import { dropStartChange } from '../model/start';
import { useRoom } from './context';
import { Place } from './Place';
import classes from './panel.module.css';
import { changeNode, put, ruleOf, useBuilderStore } from './store';

type ChoiceProps = {
  readonly node: RuleNode;
  readonly connections: readonly { id: number; value: string; label: string }[];
  readonly optional: boolean;
};

export function TableChoice({ node, connections, optional }: ChoiceProps) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  // With one database there is nothing to choose.
  const only = connections.length === 1 && subject.connection === '' ? connections[0] : undefined;
  const connectionId = subject.connectionId ?? only?.id ?? null;
  const connection = only?.value ?? subject.connection;
  const tables = useTables(connectionId);
  const watch = useWatchSwitch();
  const items = tables.data?.items ?? [];
  const chosen = items.find((one) => one.name === subject.table);
  const change = (values: JSONObject): void => {
    const rule = ruleOf(store.getState().history.present);
    const trigger = { ...node, ...values };
    // Columns of another table are not this table's.
    const clean: RuleNode = {
      ...trigger,
      ...('columns' in trigger ? { columns: [] } : {}),
      ...('column' in trigger ? { column: '' } : {}),
    };
    if (rule) put(store, { ...dropStartChange(rule), trigger: clean });
    else changeNode(store, node.id, () => clean);
  };
  return (
    <>
      {(connections.length > 1 || !connections.some((one) => one.value === connection)) && (
        <Place at="connection">
          <Select
            label={t('builder.start.connection')}
            placeholder={t('builder.form.chooseConnection')}
            data={connections.map(({ value, label }) => ({ value, label }))}
            value={connection === '' ? null : connection}
            onChange={(name) => name !== null && change({ connection: name, table: '' })}
          />
        </Place>
      )}
      <Place at="table">
        <Select
          label={t('builder.start.table')}
          placeholder={t('builder.form.chooseTable')}
          description={optional ? t('builder.start.tableOptional') : undefined}
          searchable
          clearable={optional}
          disabled={connectionId === null}
          data={items.map((one) => ({ value: one.name, label: one.label }))}
          value={subject.table === '' ? null : subject.table}
          onChange={(table) => change({ connection, table: table ?? '' })}
        />
      </Place>
      {chosen && !chosen.watched && !optional && (
        <div className={classes.warn} data-soft>
          <IconAlertTriangle size={18} aria-hidden />
          <div>
            {chosen.watchable
              ? t('builder.start.notWatched', { table: chosen.label })
              : notWatchedText(chosen, t)}
            {chosen.watchable && subject.connectionId !== null && (
              <Button
                size="compact-sm"
                variant="default"
                mt={6}
                display="block"
                loading={watch.isPending}
                onClick={() => {
                  const connectionId = subject.connectionId;
                  if (connectionId !== null)
                    watch.mutate({ connectionId, table: chosen.name, watchId: null });
                }}
              >
                {t('builder.start.watchNow')}
              </Button>
            )}
          </div>
        </div>
      )}
    </>
  );
}
