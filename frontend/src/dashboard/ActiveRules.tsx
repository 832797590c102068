import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Period, Stats } from '../api/types';
import { Card } from '../ui/Card';
import { useLocale } from '../ui/locale';
import classes from './Lists.module.css';

/** Rules by how often they ran, with a bar that compares them. */
export function ActiveRules({ rules, period }: { rules: Stats['active']; period: Period }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const most = Math.max(1, ...rules.map((rule) => rule.runs));
  const count = new Intl.NumberFormat(locale);
  return (
    <Card title={t('dashboard.active.title')}>
      {rules.length === 0 ? (
        <Text c="dimmed" size="sm">
          {t('dashboard.active.none')}
        </Text>
      ) : (
        <ol className={classes.list}>
          {rules.map((rule) => (
            <li key={rule.rule_id} className={classes.item}>
              <Link
                to="/runs"
                search={{ rule: rule.rule_id, ...(period === '14d' ? {} : { period }) }}
                className={classes.name}
              >
                {rule.name}
              </Link>
              <span className={classes.count}>{count.format(rule.runs)}</span>
              <span className={classes.bar} style={{ width: `${(rule.runs / most) * 100}%` }} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
