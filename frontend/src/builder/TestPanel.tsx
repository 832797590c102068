/** Trying the draft on a real record: which one, what if, and what would happen. Nothing is sent. */
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TestResult } from '../api/types';
import type { ColumnFacts } from '../canvas/words';
import { pathsIn } from '../model/condition';
import { nodesOf } from '../model/graph';
import { isObject, type JSONObject, type JSONValue, textAt, textsAt } from '../model/json';
import { todayOf } from '../model/today';
import { useLocale } from '../ui/locale';
import { momentName } from '../ui/openText';
import { Pill } from '../ui/Pill';
import { useProblemText } from '../ui/States';
import { useRoom } from './context';
import { DateEditor } from './DateEditors';
import { triggerOf } from './fields';
import { MomentNote } from './lamps/MomentNote';
import { RecordField } from './lamps/RecordField';
import classes from './panel.module.css';
import { StepResult } from './StepResult';
import { type Testing, useBuilder, useBuilderStore, useOpened } from './store';
import { opOf, opsOf, showTest } from './useTesting';
import { ValueEditor } from './ValueEditor';

/** One value to be changed by hand. */
function WhatIfRow(props: {
  readonly path: string;
  readonly facts: ColumnFacts;
  readonly value: JSONValue | undefined;
  readonly onChange: (value: JSONValue | undefined) => void;
}) {
  const label = useRoom().words.field(props.path);
  return (
    <Group gap="xs" wrap="nowrap" data-what-if={props.path}>
      <Text size="sm" w={140} flex="none" lh={1.3} lineClamp={3} title={label}>
        {label}
      </Text>
      <div style={{ flex: 1, minWidth: 0 }}>
        <ValueEditor facts={props.facts} label={label} value={props.value} onChange={props.onChange} />
      </div>
    </Group>
  );
}

/** Another moment than now, for rules that look at the day or the time. */
function TryAt() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const testing = useBuilder((state) => state.testing);
  const label = t('builder.today.at');
  const put = (value: JSONValue | undefined): void =>
    store.setState({ testing: { ...testing, at: typeof value === 'string' ? value : null } });
  return (
    <div data-what-if="now">
      <Group gap="xs" wrap="nowrap">
        <Text size="sm" w={140} flex="none" lh={1.3} lineClamp={3} title={label}>
          {label}
        </Text>
        <div style={{ flex: 1, minWidth: 0 }}>
          <DateEditor moment label={label} value={testing.at ?? undefined} onChange={put} />
        </div>
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {t('builder.today.atHelp')}
      </Text>
    </div>
  );
}

const jsonOf = (value: unknown): JSONObject => (isObject(value) ? value : {});

/** The columns that the rule looks at, each to be changed by hand. */
function WhatIf() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
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
      <WhatIfRow
        key={`${root}.${column.name}`}
        path={`${root}.${column.name}`}
        facts={column}
        value={testing[root][column.name] ?? testing.after[column.name] ?? testing.record?.[column.name]}
        onChange={(value) => set(root, column.name, value)}
      />
    ));
  const op = opOf(store);
  const seen = testing.result?.data.related?.records ?? {};
  // Before the first try nothing is known of related records.
  const related = (testing.result ? subject.related : []).flatMap(({ key, columns }) =>
    columns
      .filter(
        ({ name, type }) => paths.includes(`related.${key}.${name}`) && !['json', 'array'].includes(type),
      )
      .map((column) => (
        <WhatIfRow
          key={`${key}.${column.name}`}
          path={`related.${key}.${column.name}`}
          facts={column}
          value={testing.related[key]?.[column.name] ?? jsonOf(seen[key])[column.name]}
          onChange={(value) => {
            const fields = { ...testing.related[key], [column.name]: value ?? null };
            store.setState({ testing: { ...testing, related: { ...testing.related, [key]: fields } } });
          }}
        />
      )),
  );
  const changed =
    testing.at !== null ||
    [testing.after, testing.before, testing.related].some((one) => Object.keys(one).length > 0);
  const timed = paths.some((path) => path === 'now' || path === 'event.at' || todayOf(path) !== null);
  const before = op === 'update' ? rows('before') : [];
  const after = op === 'delete' ? [] : rows('after');
  if (before.length + after.length + related.length === 0 && !timed) return null;
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
            onClick={() =>
              store.setState({ testing: { ...testing, after: {}, before: {}, related: {}, at: null } })
            }
          >
            {t('builder.test.asItIs')}
          </Button>
        )}
      </Group>
      {before}
      {after}
      {related}
      {timed && <TryAt />}
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
          {result.trace.steps.length === 0
            ? t('builder.test.notStarted')
            : t('why.reason.condition-false', { branch: t('builder.branch.no') })}
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

/** That a run of now would not begin now, for the rule keeps hours. */
function ClosedNote({ closed }: { closed: NonNullable<TestResult['closed']> }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { outside, until, zone } = closed;
  return (
    <Text size="sm" c="var(--ry-if)" data-closed>
      {outside === 'skip'
        ? t('hours.test.skip')
        : until
          ? t('hours.test.wait', { at: momentName(until, zone, locale) })
          : t('hours.test.never')}
    </Text>
  );
}

export function TestPanel({ stepId }: { stepId: string | null }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const testing = useBuilder((state) => state.testing);
  const refusal = useProblemText();
  const ops = opsOf(store);
  const asksTable = ['change', 'date'].includes(textAt(triggerOf(useOpened()), 'on'));
  return (
    <Stack gap="md">
      {subject.table !== '' && <RecordField />}
      {subject.table === '' && (
        <Text size="sm">{t(asksTable ? 'builder.problem.choose-table' : 'builder.test.noTable')}</Text>
      )}
      {testing.moment && <MomentNote moment={testing.moment} />}
      {ops.length > 1 && !testing.moment && (
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
      {testing.refused !== null && (
        <Text size="sm" c="var(--mantine-color-error)" role="status" data-refused>
          {refusal(testing.refused)}
        </Text>
      )}
      <Verdict testing={testing} />
      {testing.result?.fires && testing.result.closed && <ClosedNote closed={testing.result.closed} />}
      {testing.result && <StepResult result={testing.result} stepId={stepId} />}
      {subject.table !== '' && !testing.moment && <WhatIf />}
      <div className={classes.note}>{t('builder.test.nothingSent')}</div>
    </Stack>
  );
}
