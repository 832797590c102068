/** Which day of the month: a date, or the nth of some days of the week. */
import { SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { JSONObject } from '../model/json';
import { DayChips } from './DayChips';
import { without } from './schedules';

type Props = {
  readonly schedule: JSONObject;
  readonly onChange: (schedule: JSONObject, key?: string) => void;
};

const NTH = ['1', '2', '3', '4', '-1'];

export function MonthDay({ schedule, onChange }: Props) {
  const { t } = useTranslation();
  const { day, nth } = schedule;
  const byWeekday = nth !== undefined;
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t('schedule.by')}
        data={[
          { value: 'date', label: t('schedule.byDate') },
          { value: 'weekday', label: t('schedule.byWeekday') },
        ]}
        value={byWeekday ? 'weekday' : 'date'}
        onChange={(chosen) =>
          onChange(
            chosen === 'weekday'
              ? { ...without(schedule, 'day'), nth: -1, days: ['fri'] }
              : { ...without(schedule, 'nth', 'days'), day: 1 },
          )
        }
      />
      {byWeekday ? (
        <>
          <Select
            label={t('schedule.nthLabel')}
            data={NTH.map((one) => ({ value: one, label: t(`schedule.nth.${one}`) }))}
            value={String(nth)}
            onChange={(chosen) => onChange({ ...schedule, nth: Number(chosen) })}
          />
          <DayChips
            label={t('schedule.ofDays')}
            schedule={schedule}
            onChange={(days) => onChange({ ...schedule, days: [...days] })}
          />
        </>
      ) : (
        <Select
          label={t('builder.schedule.dayLabel')}
          data={[
            ...Array.from({ length: 31 }, (_, index) => ({
              value: String(index + 1),
              label: String(index + 1),
            })),
            { value: '-1', label: t('builder.schedule.lastDay') },
          ]}
          value={typeof day === 'number' ? String(day) : null}
          onChange={(chosen) => onChange({ ...schedule, day: Number(chosen) })}
        />
      )}
      <Text size="xs" c="dimmed" hidden={byWeekday || typeof day !== 'number' || day < 29}>
        {t('schedule.shorter')}
      </Text>
    </Stack>
  );
}
