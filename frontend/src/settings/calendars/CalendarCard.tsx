/** A calendar of the list: its week as bars, whether it is open, its holidays, who goes by it. */
import { ActionIcon, Group, Text } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Calendar } from '../../api/types';
import { problemText } from '../../i18n/problemText';
import { Card } from '../../ui/Card';
import { useLocale } from '../../ui/locale';
import { stateText } from '../../ui/openText';
import { Pill } from '../../ui/Pill';
import { inRow } from '../../ui/separators';
import classes from './calendars.module.css';
import { UsedByRules } from './UsedByRules';
import { WeekBars } from './WeekBars';

type Props = {
  readonly calendar: Calendar;
  /** Null where it may only be looked at. */
  readonly onEdit: (() => void) | null;
  readonly onRemove: (() => void) | null;
};

export function CalendarCard({ calendar, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { name, zone, now } = calendar;
  return (
    <Card
      title={name}
      aside={
        <Group gap={4} wrap="nowrap">
          {calendar.default && <Pill tone="still">{t('calendars.default')}</Pill>}
          {onEdit !== null && (
            <ActionIcon aria-label={t('calendars.edit', { name })} onClick={onEdit}>
              <IconPencil size={17} />
            </ActionIcon>
          )}
          {onRemove !== null && (
            <ActionIcon aria-label={t('calendars.remove', { name })} onClick={onRemove}>
              <IconTrash size={17} />
            </ActionIcon>
          )}
        </Group>
      }
    >
      <Text size="sm">{stateText(now, zone, locale, t)}</Text>
      <WeekBars week={calendar.week} />
      <div className={classes.facts}>
        <span>{zone}</span>
        <span>
          {calendar.holidays === 0
            ? t('calendars.noHolidays')
            : t('calendars.holidays', {
                count: calendar.holidays,
                years: inRow(locale, calendar.years.map(String)),
              })}
        </span>
        <UsedByRules calendar={calendar} />
      </div>
      {calendar.problems.map((problem) => (
        <Text key={problem.code} size="sm" mt={8} c="var(--ry-if)">
          {problemText(problem, t)}
        </Text>
      ))}
    </Card>
  );
}
