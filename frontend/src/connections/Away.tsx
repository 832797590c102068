/** Outside systems that do not answer: who waits for them, and when they are asked again. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAway } from '../api/runs';
import { Attention } from '../ui/Attention';
import { useLocale } from '../ui/locale';
import { clockTime } from '../ui/time';
import { useNow } from '../ui/useNow';

export function Away() {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const away = useAway();
  const items = away.data ?? [];
  if (items.length === 0) return null;
  return (
    <Attention title={t('connections.away.title', { count: items.length })}>
      {items.map((one) => (
        <div key={one.name} data-away={one.name}>
          <Text size="sm">
            {t('connections.away.line', {
              name: one.name,
              time: clockTime(new Date(one.retry_at), now, locale),
            })}{' '}
            {t('connections.away.waiting', { count: one.waiting })}
          </Text>
          <Text size="xs" c="dimmed" lineClamp={2}>
            {one.error}
          </Text>
        </div>
      ))}
    </Attention>
  );
}
