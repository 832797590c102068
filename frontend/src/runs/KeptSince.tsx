import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RunsKept } from '../api/types';
import { day, span } from '../ui/days';
import { useLocale } from '../ui/locale';

/** Where the list ends: how far it goes back, and why not further. */
export function KeptSince({ kept }: { kept: RunsKept }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const well = span(kept.keep_days, locale);
  const failed = span(kept.keep_failed_days, locale);
  return (
    <Text size="xs" c="dimmed" ta="center" py="md" data-kept>
      {kept.from_on !== null && `${t('runs.kept.since', { day: day(kept.from_on, locale) })} `}
      {t('runs.kept.rule', { well, failed })}
    </Text>
  );
}
