/** Of a step of minutes or hours: within which hours and on which days it counts. */
import { Group, Stack, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type JSONObject, textsAt } from '../model/json';
import { ClockInput } from '../ui/ClockInput';
import { DayChips } from './DayChips';
import { without } from './schedules';

type Props = {
  readonly schedule: JSONObject;
  readonly onChange: (schedule: JSONObject, key?: string) => void;
};

export function OfficeHours({ schedule, onChange }: Props) {
  const { t } = useTranslation();
  const [from = '', to = ''] = textsAt(schedule, 'between');
  const within = schedule['between'] !== undefined;
  return (
    <Stack gap="sm">
      <Switch
        label={t('schedule.hours')}
        checked={within}
        onChange={(event) =>
          onChange(
            event.currentTarget.checked
              ? { ...schedule, between: ['09:00', '18:00'] }
              : without(schedule, 'between'),
          )
        }
      />
      {within && (
        <Group gap="sm" grow>
          <ClockInput
            label={t('schedule.from')}
            value={from}
            onChange={(clock) => onChange({ ...schedule, between: [clock, to] }, 'schedule.from')}
          />
          <ClockInput
            label={t('schedule.to')}
            value={to}
            onChange={(clock) => onChange({ ...schedule, between: [from, clock] }, 'schedule.to')}
          />
        </Group>
      )}
      <DayChips
        label={t('schedule.onlyDays')}
        schedule={schedule}
        onChange={(days) =>
          onChange(days.length === 0 ? without(schedule, 'days') : { ...schedule, days: [...days] })
        }
      />
    </Stack>
  );
}
