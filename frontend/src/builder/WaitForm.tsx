/** What a run waits for: some time, a date, an event, something that holds for its record; and how long at most. */
import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconClockX, IconFilter, IconFilterOff, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isObject, type JSONObject, type JSONValue, textAt } from '../model/json';
import { countSteps, placeOf, type RuleNode, slotName } from '../model/rule';
import {
  asWaitKind,
  atMostOf,
  awaitsSomething,
  NEW_WHERE,
  WAIT_KINDS,
  WAIT_UNITS,
  type WaitKind,
  waitKind,
  withWhere,
} from '../model/waits';
import { LATE, sidesOf } from '../model/ways';
import { ClockInput } from '../ui/ClockInput';
import { Confirm } from '../ui/Confirm';
import { zones } from '../ui/zones';
import { ConditionEditor } from './ConditionForm';
import { useRoom } from './context';
import { useFieldGroups } from './FieldSelect';
import { datedGroups } from './fields';
import { PathPretended, PathSection, PathStops } from './PathForm';
import { Place } from './Place';
import { SampleAnswer } from './SampleAnswer';
import { SpanInput } from './SpanInput';
import { changeNode, ruleOf, useBuilder, useBuilderStore, useOpened } from './store';
import { AdvancedValue } from './ValueField';
import { useZone } from './ZoneChoice';

type Part = { readonly node: RuleNode; readonly set: (values: JSONObject, key?: string) => void };

function AtMost({ node, set }: Part) {
  const { t } = useTranslation();
  return (
    <SpanInput
      place="at_most"
      label={t('waits.atMost')}
      span={atMostOf(node)}
      units={WAIT_UNITS}
      onChange={(at_most, typing) => set({ at_most }, typing ? `${node.id}.at_most` : undefined)}
    />
  );
}

const WHEN = ['on', 'before', 'after'] as const;

function DatePart({ node, set }: Part) {
  const { t } = useTranslation();
  const { subject } = useRoom();
  const all = useFieldGroups();
  const until = node['until'];
  const path = isObject(until) && typeof until['var'] === 'string' ? until['var'] : null;
  const groups = datedGroups(all, subject.tables, subject.table === '', path);
  const amount = typeof node['amount'] === 'number' ? node['amount'] : 0;
  const side = textAt(node, 'side') || 'before';
  return (
    <>
      <Place at="until">
        {until !== undefined && until !== null && until !== '' && path === null ? (
          <>
            <Text size="sm" fw={600} mb={4}>
              {t('waits.field')}
            </Text>
            <AdvancedValue value={until} />
          </>
        ) : (
          <Select
            label={t('waits.field')}
            placeholder={t('builder.form.chooseField')}
            nothingFoundMessage={t('builder.form.noField')}
            searchable
            data={groups.map(({ group, items }) => ({ group, items: [...items] }))}
            value={path}
            onChange={(chosen) => chosen !== null && set({ until: { var: chosen } })}
          />
        )}
      </Place>
      <Select
        label={t('waits.when')}
        allowDeselect={false}
        data={WHEN.map((one) => ({ value: one, label: t(`waits.${one}`) }))}
        value={amount === 0 ? 'on' : side}
        onChange={(chosen) =>
          set(
            chosen === 'on'
              ? { amount: 0 }
              : { amount: amount || 1, unit: textAt(node, 'unit') || 'days', side: chosen ?? side },
          )
        }
      />
      {amount > 0 && (
        <SpanInput
          place="amount"
          label={t('waits.amount')}
          span={{ amount, unit: textAt(node, 'unit') || 'days' }}
          units={WAIT_UNITS}
          onChange={(span, typing) => set(span, typing ? `${node.id}.amount` : undefined)}
        />
      )}
      <Group gap="sm" grow align="flex-end">
        <ClockInput
          label={t('waits.at')}
          value={textAt(node, 'at') || '09:00'}
          onChange={(at) => set({ at }, `${node.id}.at`)}
        />
        <Select
          label={t('waits.zone')}
          searchable
          limit={60}
          allowDeselect={false}
          data={zones()}
          value={textAt(node, 'zone') || 'UTC'}
          onChange={(zone) => zone !== null && set({ zone })}
        />
      </Group>
    </>
  );
}

function EventPart({ node, set }: Part) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const where = node['where'];
  const write = (logic: JSONValue | undefined, key?: string): void =>
    changeNode(store, node.id, (old) => withWhere(old, logic), key);
  return (
    <>
      <Place at="event">
        <TextInput
          label={t('waits.name')}
          description={t('waits.nameHelp')}
          value={textAt(node, 'event')}
          onChange={({ currentTarget: { value } }) => set({ event: value }, `${node.id}.event`)}
        />
      </Place>
      <Place at="sample">
        <SampleAnswer
          sample={node['sample'] ?? undefined}
          words={{
            title: t('waits.sample'),
            none: t('waits.noSample'),
            hint: t('waits.sampleHint'),
            paste: t('waits.paste'),
          }}
          onChange={(sample) =>
            changeNode(store, node.id, ({ sample: _, ...old }) =>
              sample === undefined ? old : { ...old, sample },
            )
          }
        />
      </Place>
      {where === undefined ? (
        <div>
          <Text size="sm" c="dimmed" mb={6}>
            {t('waits.anyEvent')}
          </Text>
          <Button
            size="compact-md"
            variant="light"
            leftSection={<IconFilter size={15} />}
            onClick={() => write(NEW_WHERE)}
          >
            {t('waits.addWhere')}
          </Button>
        </div>
      ) : (
        <section aria-label={t('waits.where')}>
          <Group justify="space-between" mb={6}>
            <Text size="sm" fw={600}>
              {t('waits.where')}
            </Text>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconFilterOff size={15} />}
              onClick={() => write(undefined)}
            >
              {t('waits.removeWhere')}
            </Button>
          </Group>
          <ConditionEditor
            logic={where}
            base="where"
            fresh={false}
            onChange={(logic, typing) => write(logic, typing ? `${node.id}.where` : undefined)}
          />
        </section>
      )}
      <AtMost node={node} set={set} />
    </>
  );
}

function RecordPart({ node, set }: Part) {
  const { t } = useTranslation();
  const { subject } = useRoom();
  const fresh = useBuilder((state) => state.fresh === node.id);
  return (
    <>
      {subject.table === '' && (
        <Text size="sm" c="var(--mantine-color-error)">
          {t('waits.noRecord')}
        </Text>
      )}
      <section aria-label={t('waits.holds')}>
        <Text size="sm" fw={600} mb={6}>
          {t('waits.holds')}
        </Text>
        <ConditionEditor
          logic={node['logic'] ?? null}
          base="logic"
          fresh={fresh}
          onChange={(logic, typing) => set({ logic }, typing ? `${node.id}.logic` : undefined)}
        />
      </section>
      <AtMost node={node} set={set} />
    </>
  );
}

function TimePart({ node, set }: Part) {
  const { t } = useTranslation();
  return (
    <SpanInput
      place="amount"
      label={t('waits.amount')}
      span={{ amount: typeof node['amount'] === 'number' ? node['amount'] : 0, unit: textAt(node, 'unit') }}
      units={WAIT_UNITS}
      onChange={(span, typing) => set(span, typing ? `${node.id}.amount` : undefined)}
    />
  );
}

const PARTS = { time: TimePart, date: DatePart, event: EventPart, record: RecordPart } as const;

/** What is done when it does not come in time: the steps stand in the drawing; here is what comes after them. */
function LateForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const { commands } = useRoom();
  const rule = ruleOf(useOpened());
  const step = rule ? placeOf(rule, node.id)?.step : undefined;
  const late = step ? sidesOf(step).find((side) => side.branch === LATE) : undefined;
  const count = late ? countSteps(late.steps) : 0;
  const explain = count > 0 ? t('waits.late.explain', { count }) : t('waits.late.none');
  return (
    <PathSection of="waits.late" Icon={IconClockX} explain={explain}>
      {step && (
        <Button
          size="compact-md"
          variant="light"
          mt="xs"
          leftSection={<IconPlus size={15} />}
          onClick={() => {
            if (late)
              commands.openMenuAt(slotName({ parent: node.id, branch: LATE, index: late.steps.length }));
            else commands.setStops(node.id, true);
          }}
        >
          {t(count > 0 ? 'waits.late.step' : 'waits.late.add')}
        </Button>
      )}
      {count > 0 && step && <PathStops of="waits.late" step={step} />}
      <PathPretended of="waits.late" id={node.id} />
    </PathSection>
  );
}

/** How many steps stand on its path for when it does not come in time. */
function useLateSteps(id: string): number {
  const rule = ruleOf(useOpened());
  const step = rule ? placeOf(rule, id)?.step : undefined;
  const late = step ? sidesOf(step).find((side) => side.branch === LATE) : undefined;
  return countSteps(late?.steps ?? []);
}

export default function WaitForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const late = useLateSteps(node.id);
  // The kind that was chosen and has no path for steps that stand on one.
  const [asked, setAsked] = useState<WaitKind | null>(null);
  const kind = waitKind(node);
  const set: Part['set'] = (values, key) => changeNode(store, node.id, (old) => ({ ...old, ...values }), key);
  const zone = useZone();
  const become = (next: WaitKind): void => changeNode(store, node.id, (old) => asWaitKind(old, next, zone));
  const Shown = PARTS[kind];
  return (
    <>
      <Stack gap="md" data-wait-form={kind}>
        <Select
          label={t('waits.kind')}
          allowDeselect={false}
          data={WAIT_KINDS.map((one) => ({ value: one, label: t(`waits.kinds.${one}`) }))}
          value={kind}
          onChange={(chosen) => {
            const next = WAIT_KINDS.find((one) => one === chosen);
            if (next === undefined || next === kind) return;
            if (late > 0 && !awaitsSomething(asWaitKind(node, next))) setAsked(next);
            else become(next);
          }}
        />
        <Confirm
          opened={asked !== null}
          title={t('waits.goes.title', { way: t('waits.late.title') })}
          confirm={t('waits.goes.remove', { count: late })}
          keep={t('waits.goes.keep')}
          danger
          onClose={() => setAsked(null)}
          onConfirm={() => {
            if (asked !== null) become(asked);
            setAsked(null);
          }}
        >
          {t('waits.goes.explain')}
        </Confirm>
        <Text size="sm" c="dimmed">
          {t(`waits.${kind}`)}
        </Text>
        <Shown node={node} set={set} />
      </Stack>
      {awaitsSomething(node) && <LateForm node={node} />}
    </>
  );
}
