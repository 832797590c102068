import { Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RuleAttention, Stats } from '../api/types';
import { reasonOf } from '../i18n/faultText';
import { Card } from '../ui/Card';
import classes from './Lists.module.css';

/** Rules that hold runs, and rules whose runs failed: the plain reason, and the place where it can be mended. */
export function Failing({ holding, items }: { holding: RuleAttention[]; items: Stats['attention'] }) {
  const { t } = useTranslation();
  return (
    <Card title={t('dashboard.attention.title')}>
      {items.length + holding.length === 0 ? (
        <Text c="dimmed" size="sm">
          {t('dashboard.attention.none')}
        </Text>
      ) : (
        <ul className={classes.list}>
          {holding.map((item) => (
            <li key={`held ${item.rule_id}`} className={classes.failing}>
              <Text size="sm" lineClamp={6}>
                {t('held.line', { name: item.name, count: item.held ?? 0 })}
              </Text>
              <Button component={Link} to={`/rules/${item.rule_id}`} variant="light" size="xs">
                {t('held.decide')}
              </Button>
            </li>
          ))}
          {items.map((item) => (
            <li key={item.rule_id} className={classes.failing}>
              <Text size="sm" lineClamp={6}>
                <b>{item.name}</b>
                {t('look.colon')}
                {reasonOf(item, t)}
              </Text>
              <Button
                component={Link}
                to={`/runs/${item.run_id}`}
                variant="light"
                size="xs"
                aria-label={t('dashboard.attention.fixLabel', { name: item.name })}
              >
                {t('dashboard.attention.fix')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
