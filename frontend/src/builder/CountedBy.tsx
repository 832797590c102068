/** By which calendar the rule counts working days: its own, else the workspace's, else Monday to Friday. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCalendars } from '../api/calendars';
import { useHours } from './useHours';

export function CountedBy() {
  const { t } = useTranslation();
  const kept = useHours();
  const calendars = useCalendars();
  const usual = calendars.data?.find((one) => one.default)?.name;
  const name = kept.kind === 'calendar' ? kept.calendar : kept.kind === 'own' ? undefined : usual;
  return (
    <Text size="xs" c="dimmed">
      {kept.kind === 'own'
        ? t('hours.countedBy.own')
        : name === undefined
          ? t('hours.countedBy.usual')
          : t('hours.countedBy.calendar', { name })}
    </Text>
  );
}
