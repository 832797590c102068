/** Every how many days, weeks or months, and from which date they are counted. */
import { Input, NumberInput, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type JSONObject, textAt } from '../model/json';
import { DateEditor } from './DateEditors';
import { countsFromStart, today, without } from './schedules';

type Props = {
  readonly schedule: JSONObject;
  readonly onChange: (schedule: JSONObject, key?: string) => void;
};

export function CountedFrom({ schedule, onChange }: Props) {
  const { t } = useTranslation();
  const repeat = textAt(schedule, 'repeat');
  const every = schedule['every'];
  const start = textAt(schedule, 'start');
  const count = (typed: number): void => {
    const next = typed > 1 ? { ...schedule, every: typed } : without(schedule, 'every', 'start');
    onChange(typed > 1 && start === '' ? { ...next, start: today(new Date()) } : next, 'schedule.every');
  };
  const counts = countsFromStart(schedule) || start !== '';
  if (repeat === 'rrule' && !counts) return null;
  return (
    <Stack gap="sm">
      {repeat !== 'rrule' && (
        <NumberInput
          label={t(`schedule.every.${repeat}`)}
          min={1}
          value={typeof every === 'number' ? every : 1}
          onChange={(typed) => count(Number(typed) || 1)}
        />
      )}
      {counts && (
        <Input.Wrapper label={t('schedule.start')} labelElement="div">
          <DateEditor
            label={t('schedule.start')}
            value={start}
            moment={false}
            onChange={(chosen) =>
              onChange(chosen === undefined ? without(schedule, 'start') : { ...schedule, start: chosen })
            }
          />
        </Input.Wrapper>
      )}
    </Stack>
  );
}
