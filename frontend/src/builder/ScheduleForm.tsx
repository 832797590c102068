/** A calendar as a form, with the next five moments as the server counts them. */
import { NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSchedulePreview } from '../api/builder';
import { problemText } from '../i18n/problemText';
import { hoursValue } from '../model/hours';
import { type JSONObject, textAt } from '../model/json';
import { ClockInput } from '../ui/ClockInput';
import { momentText } from '../ui/clock';
import { useLocale } from '../ui/locale';
import { zones } from '../ui/zones';
import { CountedFrom } from './CountedFrom';
import { DayChips } from './DayChips';
import { DaysOff } from './DaysOff';
import { MonthDay } from './MonthDay';
import { OfficeHours } from './OfficeHours';
import classes from './panel.module.css';
import { REPEATS, reshape, without } from './schedules';
import { useHours } from './useHours';

type Props = {
  readonly schedule: JSONObject;
  readonly onChange: (schedule: JSONObject, key?: string) => void;
};

export function ScheduleForm({ schedule, onChange }: Props) {
  const { t } = useTranslation();
  const repeat = textAt(schedule, 'repeat');
  const set = (values: JSONObject, key?: string): void => onChange({ ...schedule, ...values }, key);
  const every = schedule['every'];
  const steps = repeat === 'minutes' || repeat === 'hours';
  return (
    <Stack gap="md">
      <Select
        label={t('builder.schedule.repeat')}
        data={REPEATS.map((one) => ({ value: one, label: t(`builder.schedule.kind.${one}`) }))}
        value={repeat}
        onChange={(chosen) => chosen !== null && onChange(reshape(schedule, chosen))}
      />
      {steps && (
        <>
          <NumberInput
            label={t('builder.schedule.every')}
            suffix={` ${t(`builder.unit.${repeat}`, { count: Number(every) || 1 })}`}
            min={1}
            value={typeof every === 'number' ? every : ''}
            onChange={(typed) => set({ every: Number(typed) || 1 }, 'schedule.every')}
          />
          <OfficeHours schedule={schedule} onChange={onChange} />
        </>
      )}
      {repeat === 'week' && (
        <DayChips
          label={t('builder.schedule.days')}
          schedule={schedule}
          onChange={(days) => set({ days: [...days] })}
        />
      )}
      {repeat === 'month' && <MonthDay schedule={schedule} onChange={onChange} />}
      {repeat === 'cron' && (
        <TextInput
          label={t('builder.schedule.cronLabel')}
          description={t('builder.schedule.cronHelp')}
          value={textAt(schedule, 'cron')}
          onChange={(event) => set({ cron: event.currentTarget.value }, 'schedule.cron')}
        />
      )}
      {repeat === 'rrule' && (
        <TextInput
          label={t('schedule.rrule')}
          description={t('schedule.rruleHelp')}
          value={textAt(schedule, 'rrule')}
          onChange={(event) => set({ rrule: event.currentTarget.value }, 'schedule.rrule')}
        />
      )}
      {['day', 'week', 'month', 'rrule'].includes(repeat) && (
        <CountedFrom schedule={schedule} onChange={onChange} />
      )}
      {!steps && repeat !== 'cron' && (
        <ClockInput
          label={t('builder.schedule.time')}
          value={textAt(schedule, 'at')}
          onChange={(at) => set({ at }, 'schedule.at')}
        />
      )}
      <Select
        label={t('builder.schedule.zone')}
        searchable
        limit={60}
        data={zones()}
        value={textAt(schedule, 'zone') || 'UTC'}
        onChange={(chosen) => chosen !== null && set({ zone: chosen })}
      />
      <Select
        label={t('schedule.missed')}
        data={['last', 'skip', 'all'].map((one) => ({ value: one, label: t(`schedule.missedKind.${one}`) }))}
        value={textAt(schedule, 'missed') || 'last'}
        onChange={(chosen) =>
          chosen === 'last' ? onChange(without(schedule, 'missed')) : set({ missed: chosen })
        }
      />
      <DaysOff schedule={schedule} onChange={onChange} />
      <NextTimes schedule={schedule} />
    </Stack>
  );
}

function NextTimes({ schedule }: { readonly schedule: JSONObject }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const hours = useHours();
  const preview = useSchedulePreview(schedule, hoursValue(hours), textAt(schedule, 'repeat') !== '');
  return (
    <div className={classes.quiet} aria-live="polite">
      <Text size="xs" c="dimmed" fw={600} mb={4}>
        {t('builder.schedule.next')}
      </Text>
      {preview.data?.problems.map((problem) => (
        <Text key={problem.path} size="sm" c="var(--mantine-color-error)">
          {problemText(problem, t)}
        </Text>
      ))}
      {preview.data?.next.map((moment) => (
        <Text key={moment} size="sm" className="ry-number">
          {momentText(moment, 'weekday', locale, {
            ...(moment.startsWith(`${new Date().getFullYear()}-`) ? {} : { year: 'numeric' }),
            timeZone: textAt(schedule, 'zone') || 'UTC',
            timeZoneName: 'short',
          })}
        </Text>
      ))}
    </div>
  );
}
