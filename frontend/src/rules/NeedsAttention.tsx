import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RuleAttention } from '../api/types';
import { driftText } from '../i18n/driftText';
import { reasonOf } from '../i18n/faultText';
import { Attention } from '../ui/Attention';

const SHOWN = 3;

/** Rules that hold runs, no longer fit a table, or failed in the last 24 hours, each with the plain reason and one link. */
export function NeedsAttention({ items }: { items: RuleAttention[] }) {
  const { t } = useTranslation();
  const hidden = items.length - SHOWN;
  return (
    <Attention title={t('rules.attention.title', { count: items.length })}>
      {items.slice(0, SHOWN).map((item) => (
        <div key={item.rule_id}>
          <Text size="sm" lineClamp={6}>
            {item.drift.length === 0 && (item.held ?? 0) > 0
              ? t('held.line', { name: item.name, count: item.held ?? 0 })
              : item.drift.length > 0
                ? t('drift.line', { name: item.name, reason: driftText(item.drift, t) })
                : t('rules.attention.line', {
                    name: item.name,
                    count: item.failed_24h,
                    reason: reasonOf(item, t),
                  })}
          </Text>
          <Group gap="md">
            {(item.held ?? 0) > 0 && (
              <Anchor component={Link} to={`/rules/${item.rule_id}`} size="sm" underline="always">
                {t('held.decide')}
              </Anchor>
            )}
            {item.drift.length > 0 && (
              <Anchor component={Link} to={`/rules/${item.rule_id}`} size="sm" underline="always">
                {t('drift.see')}
              </Anchor>
            )}
            {item.run_id !== null && (
              <Anchor component={Link} to={`/runs/${item.run_id}`} size="sm" underline="always">
                {t('rules.attention.see')}
              </Anchor>
            )}
          </Group>
        </div>
      ))}
      {hidden > 0 && (
        <Anchor component={Link} to="/rules?status=attention" size="sm" underline="always">
          {t('rules.attention.more', { count: hidden })}
        </Anchor>
      )}
    </Attention>
  );
}
