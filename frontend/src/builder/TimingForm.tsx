/** How fast the rule goes: so many in any minute or hour, after how much quiet, one by one or in lists. */
import { Select, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type JSONObject, objectAt, textAt } from '../model/json';
import type { Rule } from '../model/rule';
import {
  FIRST,
  MOST_BATCH,
  MOST_PACE,
  mostOf,
  SPANS,
  setTiming,
  type TimingKey,
  takes,
  timingOf,
  WINDOWS,
} from '../model/timing';
import { CountInput } from '../ui/CountInput';
import { SpanInput } from './SpanInput';
import { put, useBuilderStore } from './store';

/** An example that people can multiply. */
const BURST = 120;

type Props = { readonly rule: Rule; readonly policy: JSONObject };

export default function TimingForm({ rule, policy }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { pace, settle, batch } = timingOf(policy);
  const on = textAt(rule.trigger, 'on');
  const set = (key: TimingKey, value: JSONObject | null, field = ''): void =>
    put(store, setTiming(rule, key, value), field && `timing.${key}.${field}`);
  const needed = pace && takes(pace, BURST);
  return (
    <Stack gap="md" component="fieldset" bd={0} p={0} m={0} data-timing>
      <Text component="legend" size="sm" fw={600} p={0} mb={8}>
        {t('timing.title')}
      </Text>
      <Part of="pace" on={pace !== null} set={set}>
        {pace && (
          <>
            <SimpleGrid cols={2}>
              <CountInput
                label={t('timing.pace.number')}
                value={pace.atMost}
                max={MOST_PACE}
                onChange={(at_most) => set('pace', { at_most, per: pace.per }, 'at_most')}
              />
              <Select
                label={t('timing.pace.per')}
                data={WINDOWS.map((word) => ({ value: word, label: t(`timing.pace.${word}`) }))}
                value={pace.per}
                allowDeselect={false}
                onChange={(per) => per && set('pace', { at_most: pace.atMost, per })}
              />
            </SimpleGrid>
            {needed !== null && (
              <Text size="sm" c="dimmed" aria-live="polite" data-takes>
                {t(`timing.pace.takes.${pace.per}`, { count: needed })}
              </Text>
            )}
          </>
        )}
      </Part>
      {(on === 'change' || settle) && (
        <Part of="settle" on={settle !== null} set={set}>
          {settle && (
            <SpanInput
              place="policy/settle"
              label={t('timing.settle.amount')}
              span={settle}
              units={SPANS}
              most={mostOf}
              onChange={(span, typing) => set('settle', span, typing ? 'amount' : '')}
            />
          )}
        </Part>
      )}
      {((on !== 'schedule' && on !== 'manual') || batch) && (
        <Part of="batch" on={batch !== null} set={set}>
          {batch && (
            <>
              <CountInput
                label={t('timing.batch.number')}
                value={batch.atMost}
                min={2}
                max={MOST_BATCH}
                onChange={(at_most) => set('batch', { ...objectAt(policy, 'batch'), at_most }, 'at_most')}
              />
              <SpanInput
                place="policy/batch/within"
                label={t('timing.batch.within')}
                span={batch.within}
                units={SPANS}
                most={mostOf}
                onChange={(within, typing) =>
                  set('batch', { ...objectAt(policy, 'batch'), within }, typing ? 'amount' : '')
                }
              />
            </>
          )}
        </Part>
      )}
    </Stack>
  );
}

type PartProps = {
  readonly of: TimingKey;
  readonly on: boolean;
  readonly set: (key: TimingKey, value: JSONObject | null) => void;
  readonly children: ReactNode;
};

/** One of them: switched on with numbers to begin with, explained while it is off as well. */
function Part({ of, on, set, children }: PartProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Switch
        label={t(`timing.${of}.switch`)}
        description={of === 'pace' ? undefined : t(`timing.${of}.help`)}
        checked={on}
        onChange={(event) => set(of, event.currentTarget.checked ? FIRST[of] : null)}
      />
      {children}
    </Stack>
  );
}
