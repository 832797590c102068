/** Trying the draft on a real record: which one, what if, and what would happen. Nothing is sent. */
import { Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRecords } from '../api/builder';
import { pathsIn } from '../model/condition';
import { nodesOf } from '../model/graph';
import { isObject, type JSONValue, textsAt } from '../model/json';
import { Pill } from '../ui/Pill';
import classes from './builder.module.css';
import { useRoom } from './context';
import { triggerOf } from './fields';
import { StepResult } from './StepResult';
import { type Testing, useBuilder, useBuilderStore, useOpened } from './store';
import { opOf, opsOf, showTest } from './useTesting';
import { ValueEditor } from './ValueEditor';

function RecordPicker() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject, words } = useRoom();
  const testing = useBuilder((state) => state.testing);
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search === testing.label ? '' : search, 250);
  const records = useRecords(subject.connectionId, subject.table, asked);
  const items = records.data?.items ?? [];
  const nameOf = (one: { record_key: string; label: string }): string =>
    one.label.includes(one.record_key) ? one.label : `#${one.record_key} ${one.label}`;
  const current = items.find((one) => JSON.stringify(one.key) === JSON.stringify(testing.key));
  const data = items.map((one) => ({ value: one.record_key, label: nameOf(one) }));
  if (!current && testing.key) data.unshift({ value: 'current', label: testing.label });
  return (
    <Select
      label={t('builder.test.record', { record: words.record(subject.table) })}
      searchable
      data={data}
      filter={({ options }) => options}
      value={current?.record_key ?? (testing.key ? 'current' : null)}
      onSearchChange={setSearch}
      nothingFoundMessage={t('builder.test.noRecord')}
      onChange={(chosen) => {
        const record = items.find((one) => one.record_key === chosen);
        if (!record || !isObject(record.record)) return;
        store.setState({
          testing: {
            ...testing,
            key: record.key,
            label: record.label,
            record: record.record,
            after: {},
            before: {},
            result: null,
          },
        });
      }}
    />
  );
}

/** The columns that the rule looks at, each to be changed by hand. */
function WhatIf() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject, words } = useRoom();
  const opened = useOpened();
  const testing = useBuilder((state) => state.testing);
  const conditions = nodesOf(opened).filter((node) => node.kind === 'condition');
  const paths = [
    ...conditions.flatMap((node) => pathsIn(node['logic'] ?? null)),
    ...textsAt(triggerOf(opened), 'columns').flatMap((name) => [`before.${name}`, `after.${name}`]),
  ];
  const used = (root: 'before' | 'after') =>
    subject.columns.filter(
      (column) => paths.includes(`${root}.${column.name}`) && !['json', 'array'].includes(column.type),
    );
  const set = (root: 'before' | 'after', name: string, value: JSONValue | undefined): void => {
    const next = { ...testing, [root]: { ...testing[root], [name]: value ?? null } };
    // Where the rule looks at the value before, a new value is a change: what the record has now was before.
    const was = testing.before[name] ?? testing.record?.[name] ?? null;
    const changes = root === 'after' && used('before').some((column) => column.name === name);
    store.setState({ testing: changes ? { ...next, before: { ...testing.before, [name]: was } } : next });
  };
  const rows = (root: 'before' | 'after') =>
    used(root).map((column) => (
      <Group key={`${root}.${column.name}`} gap="xs" wrap="nowrap" data-what-if={`${root}.${column.name}`}>
        <Text size="sm" w={140} flex="none" truncate>
          {words.field(`${root}.${column.name}`)}
        </Text>
        <div style={{ flex: 1, minWidth: 0 }}>
          <ValueEditor
            facts={column}
            label={words.field(`${root}.${column.name}`)}
            value={testing[root][column.name] ?? testing.after[column.name] ?? testing.record?.[column.name]}
            onChange={(value) => set(root, column.name, value)}
          />
        </div>
      </Group>
    ));
  const op = opOf(store);
  const changed = Object.keys(testing.after).length + Object.keys(testing.before).length > 0;
  const before = op === 'update' ? rows('before') : [];
  const after = op === 'delete' ? [] : rows('after');
  if (before.length + after.length === 0) return null;
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {t('builder.test.whatIf')}
        </Text>
        {changed && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => store.setState({ testing: { ...testing, after: {}, before: {} } })}
          >
            {t('builder.test.asItIs')}
          </Button>
        )}
      </Group>
      {before}
      {after}
    </Stack>
  );
}

function Verdict({ testing }: { testing: Testing }) {
  const { t } = useTranslation();
  const { result } = testing;
  if (!result) return null;
  const { outcome } = result.trace;
  const tone = outcome === 'failed' ? 'bad' : result.fires ? 'good' : 'still';
  return (
    <Group gap="xs" aria-live="polite">
      <Pill tone={tone}>
        {t(
          outcome === 'failed'
            ? 'builder.test.breaks'
            : result.fires
              ? 'builder.test.fires'
              : 'builder.test.quiet',
        )}
      </Pill>
      {!result.fires && outcome !== 'failed' && (
        <Text size="sm" c="dimmed">
          {t(
            result.trace.steps.length === 0
              ? 'builder.test.notStarted'
              : 'runDetail.why.reason.condition-false',
          )}
        </Text>
      )}
      {outcome === 'failed' && result.reason !== '' && (
        <Text size="sm" c="dimmed">
          {result.reason}
        </Text>
      )}
    </Group>
  );
}

export function TestPanel({ stepId }: { stepId: string | null }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const testing = useBuilder((state) => state.testing);
  const ops = opsOf(store);
  return (
    <Stack gap="md">
      {subject.table !== '' && <RecordPicker />}
      {subject.table === '' && <Text size="sm">{t('builder.test.noTable')}</Text>}
      {ops.length > 1 && (
        <SegmentedControl
          aria-label={t('builder.test.op')}
          data={ops.map((op) => ({ value: op, label: t(`builder.test.ops.${op}`) }))}
          value={opOf(store)}
          onChange={(chosen) => {
            const op = ops.find((one) => one === chosen);
            if (op) store.setState({ testing: { ...testing, op, result: null } });
          }}
        />
      )}
      {!testing.shown && (
        <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => showTest(store, true)}>
          {t('builder.test.run')}
        </Button>
      )}
      <Verdict testing={testing} />
      {testing.result && <StepResult result={testing.result} stepId={stepId} />}
      {subject.table !== '' && <WhatIf />}
      <div className={classes.note}>{t('builder.test.nothingSent')}</div>
    </Stack>
  );
}
