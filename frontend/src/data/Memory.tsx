import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLog } from '../api/connections';
import { day } from '../ui/days';
import { useLocale } from '../ui/locale';

/** Where the memory of a database ends: of what was before, nobody can say what happened or why. */
export function Memory({ connectionId }: { connectionId: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const oldest = useLog(connectionId).data?.oldest_on;
  if (oldest === undefined || oldest === null) return null;
  return (
    <Text size="xs" c="dimmed" ta="center" py="md" data-memory>
      {t('data.change.since', { day: day(oldest, locale) })}
    </Text>
  );
}
