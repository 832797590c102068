/** What runs would do at most, if somebody let them: "at most 12 mails and 3 tasks". */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { HeldRuns } from '../api/held';
import { useLocale } from '../ui/locale';

export function WouldDo({ items }: { items: HeldRuns['would_do'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (items.length === 0) return null;
  const said = items.map(({ do: kind, times }) => t([`held.do.${kind}`, 'held.do.other'], { count: times }));
  const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(said);
  return (
    <Text size="sm" data-would-do>
      {t('held.would', { list })}
    </Text>
  );
}
