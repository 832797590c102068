/** How long before or after a date in each record the rule starts, and at what time. */
import { Group, NumberInput, Select, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type JSONObject, textAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { ClockInput } from '../ui/ClockInput';
import { zones } from '../ui/zones';
import { CountedBy } from './CountedBy';
import { useRoom } from './context';
import { Place } from './Place';
import { changeNode, useBuilderStore } from './store';

const WHEN = ['on', 'before', 'after'] as const;
const UNITS = ['days', 'working_days'] as const;

export function DateForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const set = (values: JSONObject, key?: string): void =>
    changeNode(store, node.id, (old) => ({ ...old, ...values }), key);
  const dates = subject.columns.filter(({ type }) => type === 'date' || type === 'timestamp');
  const amount = typeof node['amount'] === 'number' ? node['amount'] : 0;
  const side = textAt(node, 'side') || 'before';
  return (
    <>
      <Place at="column">
        <Select
          label={t('schedule.date.column')}
          placeholder={t('builder.form.chooseField')}
          data={dates.map((column) => ({ value: column.name, label: column.label }))}
          value={textAt(node, 'column') || null}
          onChange={(column) => column !== null && set({ column })}
        />
      </Place>
      {subject.columns.length > 0 && dates.length === 0 && (
        <Text size="sm" c="var(--mantine-color-error)">
          {t('schedule.date.none')}
        </Text>
      )}
      <Select
        label={t('schedule.date.when')}
        data={WHEN.map((one) => ({ value: one, label: t(`schedule.date.${one}`) }))}
        value={amount === 0 ? 'on' : side}
        onChange={(chosen) =>
          set(chosen === 'on' ? { amount: 0 } : { amount: amount || 1, side: chosen ?? side })
        }
      />
      {amount > 0 && (
        <Group gap="sm" grow align="flex-start">
          <NumberInput
            label={t('schedule.date.amount')}
            min={1}
            max={366}
            value={amount}
            onChange={(typed) => set({ amount: Number(typed) || 1 }, 'start.amount')}
          />
          <Select
            label={t('schedule.date.unit')}
            data={UNITS.map((one) => ({
              value: one,
              label: t(`schedule.date.units.${one}`, { count: amount }),
            }))}
            value={textAt(node, 'unit') || 'days'}
            onChange={(unit) => unit !== null && set({ unit })}
          />
        </Group>
      )}
      <Switch
        label={t('schedule.date.yearly')}
        checked={node['yearly'] === true}
        onChange={(event) => set({ yearly: event.currentTarget.checked })}
      />
      <ClockInput
        label={t('builder.schedule.time')}
        value={textAt(node, 'at') || '09:00'}
        onChange={(at) => set({ at }, 'start.at')}
      />
      <Select
        label={t('builder.schedule.zone')}
        searchable
        limit={60}
        data={zones()}
        value={textAt(node, 'zone') || 'UTC'}
        onChange={(zone) => zone !== null && set({ zone })}
      />
      {amount > 0 && node['unit'] === 'working_days' && <CountedBy />}
      <Text size="sm" c="dimmed">
        {t('schedule.date.help')}
      </Text>
    </>
  );
}
