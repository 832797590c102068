/** Outside systems that do not answer: who waits for them, and when they are asked again. */
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAway } from '../api/runs';
import type { Connection } from '../api/types';
import { Attention } from '../ui/Attention';
import { useLocale } from '../ui/locale';
import { clockTime } from '../ui/time';
import { useNow } from '../ui/useNow';
import { nameOf } from './away';

export function Away({ connections }: { connections: readonly Connection[] }) {
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
              name: nameOf(one, connections),
              time: clockTime(new Date(one.retry_at), now, locale),
            })}{' '}
            {one.waiting === 0 ? (
              t('connections.away.waiting', { count: 0 })
            ) : (
              <Anchor component={Link} to="/runs?state=waiting" size="sm" underline="always">
                {t('connections.away.waiting', { count: one.waiting })}
              </Anchor>
            )}
          </Text>
          <Text size="xs" c="dimmed" lineClamp={2}>
            {one.error}
          </Text>
        </div>
      ))}
    </Attention>
  );
}
