/** What starts the rule: a change of a record, a calendar, or somebody pressing Run. */
import { Button, MultiSelect, Select, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useConnections, useTables, useWatchSwitch } from '../api/connections';
import type { Term } from '../model/condition';
import { type JSONObject, listAt, objectAt, textAt, textsAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { dropStartChange, setStartChange, startChange } from '../model/start';
import classes from './builder.module.css';
import { useRoom } from './context';
import { ScheduleForm } from './ScheduleForm';
import { apply, changeNode, put, ruleOf, useBuilderStore, useOpened } from './store';
import { ValueEditor } from './ValueEditor';

const STARTS = ['insert', 'update', 'field', 'saved', 'delete', 'schedule', 'manual'] as const;
type StartKind = (typeof STARTS)[number];

function kindOf(node: RuleNode): StartKind {
  const on = textAt(node, 'on');
  if (on === 'schedule' || on === 'manual') return on;
  const events = listAt(node, 'events');
  if (Array.isArray(node['columns'])) return 'field';
  if (events.includes('insert') && events.includes('update')) return 'saved';
  return events[0] === 'insert' || events[0] === 'delete' ? events[0] : 'update';
}

const EVENTS: Readonly<Record<string, readonly string[]>> = {
  insert: ['insert'],
  update: ['update'],
  field: ['update'],
  saved: ['insert', 'update'],
  delete: ['delete'],
};

function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** The start node for another kind; the table chosen stays. */
function startNode(
  node: RuleNode,
  kind: StartKind,
  columns: readonly string[],
  connection: string,
): RuleNode {
  const { id } = node;
  const table = textAt(node, 'table');
  const where: JSONObject = { connection: textAt(node, 'connection') || connection, table };
  if (kind === 'schedule') {
    const schedule = objectAt(node, 'schedule');
    const fresh = { repeat: 'weekday', at: '09:00', zone: zoneHere() };
    return {
      id,
      kind: 'trigger',
      on: 'schedule',
      schedule: Object.keys(schedule).length > 0 ? schedule : fresh,
    };
  }
  if (kind === 'manual') return { id, kind: 'trigger', on: 'manual', ...(table === '' ? {} : where) };
  return {
    id,
    kind: 'trigger',
    on: 'change',
    ...where,
    events: [...(EVENTS[kind] ?? [])],
    ...(kind === 'field' ? { columns: [...columns] } : {}),
  };
}

export function StartForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const connections = useConnections();
  const databases = (connections.data?.items ?? []).filter((one) => one.kind === 'postgres');
  const kind = kindOf(node);

  const choose = (chosen: string | null): void => {
    const next = STARTS.find((one) => one === chosen);
    const first = databases[0]?.name ?? '';
    const favourite = subject.columns.find((column) => column.name === 'status') ?? subject.columns[0];
    if (!next || next === kind) return;
    const columns = textsAt(node, 'columns');
    const start = startNode(node, next, columns.length > 0 || !favourite ? columns : [favourite.name], first);
    const rule = ruleOf(store.getState().history.present);
    if (rule) put(store, { ...dropStartChange(rule), trigger: start });
    else changeNode(store, node.id, () => start);
  };

  return (
    <Stack gap="md">
      <Select
        label={t('builder.start.question')}
        data={STARTS.map((one) => ({ value: one, label: t(`builder.start.kind.${one}`) }))}
        value={kind}
        onChange={choose}
      />
      {kind === 'schedule' ? (
        <ScheduleForm
          schedule={objectAt(node, 'schedule')}
          onChange={(schedule, key) => changeNode(store, node.id, (old) => ({ ...old, schedule }), key)}
        />
      ) : (
        <TableChoice
          node={node}
          connections={databases.map((one) => ({
            id: one.id,
            value: one.name,
            label: one.label || one.name,
          }))}
          optional={kind === 'manual'}
        />
      )}
      {kind === 'field' && <ChangeForm node={node} />}
      {kind === 'manual' && (
        <Text size="sm" c="dimmed">
          {t('builder.start.manualExplain')}
        </Text>
      )}
    </Stack>
  );
}

type ChoiceProps = {
  readonly node: RuleNode;
  readonly connections: readonly { id: number; value: string; label: string }[];
  readonly optional: boolean;
};

function TableChoice({ node, connections, optional }: ChoiceProps) {
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
    const clean: RuleNode = 'columns' in trigger ? { ...trigger, columns: [] } : trigger;
    if (rule) put(store, { ...dropStartChange(rule), trigger: clean });
    else changeNode(store, node.id, () => clean);
  };
  return (
    <>
      {(connections.length > 1 || !connections.some((one) => one.value === connection)) && (
        <Select
          label={t('builder.start.connection')}
          placeholder={t('builder.form.chooseConnection')}
          data={connections.map(({ value, label }) => ({ value, label }))}
          value={connection === '' ? null : connection}
          onChange={(name) => name !== null && change({ connection: name, table: '' })}
        />
      )}
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
      {chosen && !chosen.watched && !optional && (
        <div className={classes.warn} data-soft>
          <IconAlertTriangle size={18} aria-hidden />
          <div>
            {chosen.watchable ? t('builder.start.notWatched', { table: chosen.label }) : chosen.why_not}
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

function ChangeForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const opened = useOpened();
  const rule = ruleOf(opened);
  const columns = textsAt(node, 'columns');
  const told = rule ? startChange(rule) : null;
  const facts = subject.columns.find((column) => column.name === columns[0]);
  const set = (side: 'from' | 'to', term: Term | null): void => {
    if (told) apply(store, (r) => setStartChange(r, { ...told, [side]: term }), { key: `start.${side}` });
  };
  return (
    <>
      <MultiSelect
        label={t('builder.start.fieldChoice')}
        placeholder={columns.length === 0 ? t('builder.form.chooseField') : ''}
        searchable
        hidePickedOptions
        data={subject.columns.map((column) => ({ value: column.name, label: column.label }))}
        value={columns}
        onChange={(next) => {
          const now = ruleOf(store.getState().history.present);
          if (now) put(store, { ...dropStartChange(now), trigger: { ...node, columns: next } });
          else changeNode(store, node.id, (old) => ({ ...old, columns: next }));
        }}
      />
      {told && facts && (
        <>
          <Side
            label={t('builder.start.from')}
            facts={facts}
            term={told.from}
            onChange={(term) => set('from', term)}
          />
          <Side
            label={t('builder.start.to')}
            facts={facts}
            term={told.to}
            onChange={(term) => set('to', term)}
          />
          {(told.from || told.to) && (
            <Text size="xs" c="dimmed">
              {t('builder.start.fromToExplain')}
            </Text>
          )}
        </>
      )}
    </>
  );
}

type SideProps = {
  readonly label: string;
  readonly facts: Parameters<typeof ValueEditor>[0]['facts'];
  readonly term: Term | null;
  readonly onChange: (term: Term | null) => void;
};

/** One side of a change: anything, or one value. */
function Side({ label, facts, term, onChange }: SideProps) {
  const { t } = useTranslation();
  const choices = facts?.choices ?? [];
  if (choices.length > 0) {
    const words = (choice: string): string =>
      choice.charAt(0).toUpperCase() + choice.slice(1).replaceAll('_', ' ');
    return (
      <Select
        label={label}
        data={[
          { value: '', label: t('builder.start.anything') },
          ...choices.map((choice) => ({ value: choice, label: words(choice) })),
        ]}
        value={term?.kind === 'value' && typeof term.value === 'string' ? term.value : ''}
        onChange={(chosen) => onChange(chosen ? { kind: 'value', value: chosen } : null)}
      />
    );
  }
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      <ValueEditor
        facts={facts}
        label={label}
        value={term?.kind === 'value' ? term.value : undefined}
        onChange={(value) => onChange(value === undefined ? null : { kind: 'value', value })}
      />
    </Stack>
  );
}
