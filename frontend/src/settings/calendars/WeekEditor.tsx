/** The hours of each day of the week. A night over midnight stands on two days. */
import { ActionIcon, Anchor, Button, Group, Text } from '@mantine/core';
import { TimeInput } from '@mantine/dates';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CalendarInput, Problem } from '../../api/types';
import { problemText } from '../../i18n/problemText';
import { useLocale } from '../../ui/locale';
import classes from './calendars.module.css';
import { DAYS, type Day, nextSpan, onWorkdays, type Span, withSpans } from './draft';
import { dayName, spanText } from './said';

type Props = {
  readonly draft: CalendarInput;
  readonly problems: readonly Problem[];
  readonly onChange: (draft: CalendarInput) => void;
};

export function WeekEditor({ draft, problems, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('calendars.week.title')}>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={600}>
          {t('calendars.week.title')}
        </Text>
        <Anchor
          component="button"
          type="button"
          size="sm"
          underline="always"
          onClick={() => onChange(onWorkdays(draft, 'mon'))}
        >
          {t('calendars.week.copy')}
        </Anchor>
      </Group>
      {DAYS.map((day) => (
        <DayHours
          key={day}
          day={day}
          spans={draft.week[day]}
          problem={problems.find((one) => one.path.startsWith(`/week/${day}`))}
          onChange={(spans) => onChange(withSpans(draft, day, spans))}
        />
      ))}
      <Text size="xs" c="dimmed" mt={6}>
        {t('calendars.week.help')}
      </Text>
    </section>
  );
}

type DayProps = {
  readonly day: Day;
  readonly spans: readonly Span[];
  readonly problem: Problem | undefined;
  readonly onChange: (spans: readonly Span[]) => void;
};

function DayHours({ day, spans, problem, onChange }: DayProps) {
  const { t } = useTranslation();
  const name = dayName(day, useLocale());
  return (
    <div className={classes.day} data-day={day} data-free={spans.length === 0 || undefined}>
      <Text size="sm" pt={8}>
        {name}
      </Text>
      <div className={classes.hours}>
        <div className={classes.spans}>
          {spans.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('calendars.week.free')}
            </Text>
          )}
          {spans.map(([from, to], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a span has no name of its own, and its clocks change
            <div key={index} className={classes.span}>
              <TimeInput
                size="xs"
                aria-label={t('calendars.week.from', { day: name })}
                value={from}
                onChange={(event) => onChange(spans.with(index, [event.currentTarget.value, to]))}
              />
              –
              <TimeInput
                size="xs"
                aria-label={t('calendars.week.to', { day: name })}
                // The end of the day is its last midnight.
                value={to === '24:00' ? '00:00' : to}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  onChange(spans.with(index, [from, value === '00:00' ? '24:00' : value]));
                }}
              />
              <ActionIcon
                size="md"
                aria-label={t('calendars.week.remove', { day: name, hours: spanText([from, to]) })}
                onClick={() => onChange(spans.toSpliced(index, 1))}
              >
                <IconX size={15} />
              </ActionIcon>
            </div>
          ))}
        </div>
        {problem !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)">
            {problemText(problem, t)}
          </Text>
        )}
      </div>
      <Button
        variant="subtle"
        size="compact-sm"
        color="gray"
        mt={4}
        aria-label={t('calendars.week.add', { day: name })}
        onClick={() => onChange([...spans, nextSpan(spans)])}
      >
        <IconPlus size={16} aria-hidden />
      </Button>
    </div>
  );
}
