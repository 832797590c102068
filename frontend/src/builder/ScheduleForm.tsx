/** A calendar as a form, with the next five moments as the server counts them. */
import { Chip, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { TimeInput } from '@mantine/dates';
import { useTranslation } from 'react-i18next';
import { useSchedulePreview } from '../api/builder';
import { dayName } from '../canvas/words';
import { problemText } from '../i18n/problemText';
import { type JSONObject, textAt, textsAt } from '../model/json';
import { useLocale } from '../ui/locale';
import classes from './panel.module.css';
import { zones } from './ZoneChoice';

const REPEATS = ['minutes', 'hours', 'day', 'weekday', 'week', 'month', 'cron'] as const;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

type Props = {
  readonly schedule: JSONObject;
  readonly onChange: (schedule: JSONObject, key?: string) => void;
};

/** The fields that this kind of repetition has; what was filled in stays where it fits. */
function reshape(schedule: JSONObject, repeat: string): JSONObject {
  const zone = textAt(schedule, 'zone') || 'UTC';
  const missed = schedule['missed'] === undefined ? {} : { missed: schedule['missed'] };
  const at = textAt(schedule, 'at') || '09:00';
  switch (repeat) {
    case 'minutes':
      return { repeat, every: 15, zone, ...missed };
    case 'hours':
      return { repeat, every: 1, zone, ...missed };
    case 'week':
      return { repeat, at, days: ['mon'], zone, ...missed };
    case 'month':
      return { repeat, at, day: 1, zone, ...missed };
    case 'cron':
      return { repeat, cron: '0 9 * * 1-5', zone, ...missed };
    default:
      return { repeat, at, zone, ...missed };
  }
}

export function ScheduleForm({ schedule, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const repeat = textAt(schedule, 'repeat');
  const preview = useSchedulePreview(schedule, repeat !== '');
  const set = (values: JSONObject, key?: string): void => onChange({ ...schedule, ...values }, key);
  const every = schedule['every'];
  const day = schedule['day'];
  const zone = textAt(schedule, 'zone') || 'UTC';
  const days = textsAt(schedule, 'days');
  return (
    <Stack gap="md">
      <Select
        label={t('builder.schedule.repeat')}
        data={REPEATS.map((one) => ({ value: one, label: t(`builder.schedule.kind.${one}`) }))}
        value={repeat}
        onChange={(chosen) => chosen !== null && onChange(reshape(schedule, chosen))}
      />
      {(repeat === 'minutes' || repeat === 'hours') && (
        <NumberInput
          label={t('builder.schedule.every')}
          suffix={` ${t(`builder.unit.${repeat}`)}`}
          min={1}
          value={typeof every === 'number' ? every : ''}
          onChange={(typed) => set({ every: Number(typed) || 1 }, 'schedule.every')}
        />
      )}
      {repeat === 'week' && (
        <Stack gap={6}>
          <Text size="sm" fw={500}>
            {t('builder.schedule.days')}
          </Text>
          <Chip.Group
            multiple
            value={days}
            onChange={(chosen) => set({ days: DAYS.filter((one) => chosen.includes(one)) })}
          >
            <Group gap={6}>
              {DAYS.map((one) => (
                <Chip key={one} value={one} size="sm">
                  {dayName(one, i18n.language)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Stack>
      )}
      {repeat === 'month' && (
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
          onChange={(chosen) => set({ day: Number(chosen) })}
        />
      )}
      {repeat === 'cron' && (
        <TextInput
          label={t('builder.schedule.cronLabel')}
          description={t('builder.schedule.cronHelp')}
          value={textAt(schedule, 'cron')}
          onChange={(event) => set({ cron: event.currentTarget.value }, 'schedule.cron')}
        />
      )}
      {['day', 'weekday', 'week', 'month'].includes(repeat) && (
        <TimeInput
          label={t('builder.schedule.time')}
          value={textAt(schedule, 'at')}
          onChange={(event) => set({ at: event.currentTarget.value }, 'schedule.at')}
        />
      )}
      <Select
        label={t('builder.schedule.zone')}
        searchable
        limit={60}
        data={zones()}
        value={zone}
        onChange={(chosen) => chosen !== null && set({ zone: chosen })}
      />
      <div className={classes.quiet} aria-live="polite">
        <Text size="xs" c="dimmed" fw={600} mb={4}>
          {t('builder.schedule.next')}
        </Text>
        {preview.data?.problems.map((problem) => (
          <Text key={problem.code} size="sm" c="var(--mantine-color-error)">
            {problemText(problem, t)}
          </Text>
        ))}
        {preview.data?.next.map((moment) => (
          <Text key={moment} size="sm" className="ry-number">
            {new Date(moment).toLocaleString(locale, {
              weekday: 'short',
              day: 'numeric',
              month: 'short',
              hour: '2-digit',
              minute: '2-digit',
              timeZone: zone,
              timeZoneName: 'short',
            })}
          </Text>
        ))}
      </div>
    </Stack>
  );
}
