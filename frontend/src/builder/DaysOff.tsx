/** What a schedule does on days off, and whose working days count. */
import { Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type JSONObject, textAt } from '../model/json';
import { CountedBy } from './CountedBy';
import { isMoved, without } from './schedules';

type Props = {
  readonly schedule: JSONObject;
  readonly onChange: (schedule: JSONObject, key?: string) => void;
};

export function DaysOff({ schedule, onChange }: Props) {
  const { t } = useTranslation();
  const chosen = textAt(schedule, 'days_off') || 'run';
  const moved = isMoved(textAt(schedule, 'repeat'));
  const choices = [
    'run',
    'skip',
    ...(moved || ['before', 'after'].includes(chosen) ? ['before', 'after'] : []),
  ];
  return (
    <Stack gap={4}>
      <Select
        label={t('hours.daysOff.question')}
        data={choices.map((one) => ({ value: one, label: t(`hours.daysOff.${one}`) }))}
        value={chosen}
        onChange={(word) =>
          onChange(word === 'run' ? without(schedule, 'days_off') : { ...schedule, days_off: word ?? 'run' })
        }
      />
      {chosen !== 'run' && <CountedBy />}
    </Stack>
  );
}
