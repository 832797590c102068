/** Days of the week to choose, each a chip. */
import { Chip, Group, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { dayName } from '../canvas/scheduleWords';
import { type JSONObject, textsAt } from '../model/json';
import { DAYS } from './schedules';

type Props = {
  readonly label: string;
  readonly schedule: JSONObject;
  readonly onChange: (days: readonly string[]) => void;
};

export function DayChips({ label, schedule, onChange }: Props) {
  const { i18n } = useTranslation();
  const id = useId();
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600} id={id}>
        {label}
      </Text>
      <Chip.Group
        multiple
        value={textsAt(schedule, 'days')}
        onChange={(chosen) => onChange(DAYS.filter((one) => chosen.includes(one)))}
      >
        <Group gap={6} role="group" aria-labelledby={id}>
          {DAYS.map((one) => (
            <Chip key={one} value={one} size="sm">
              {dayName(one, i18n.language)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Stack>
  );
}
