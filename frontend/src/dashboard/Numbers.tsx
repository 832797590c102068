import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Stats } from '../api/types';
import { Card } from '../ui/Card';
import { useLocale } from '../ui/locale';
import { duration } from '../ui/time';
import { useNow } from '../ui/useNow';
import { compare } from './compare';
import classes from './Numbers.module.css';

function Figure({ title, value, note }: { title: string; value: string; note: string }) {
  return (
    <Card>
      <dl className={classes.number}>
        <dt>{title}</dt>
        <dd className={classes.value}>{value}</dd>
        <dd className={classes.note}>{note}</dd>
      </dl>
    </Card>
  );
}

/** The four numbers on top: how much, how well, how fast, what waits. */
export function Numbers({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const count = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const period = t(`dashboard.period.${stats.period}`);
  const change = compare(stats.runs, stats.runs_before);
  const oldest = stats.oldest_wait_at === null ? null : now.getTime() - Date.parse(stats.oldest_wait_at);
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing={{ base: 'xs', xs: 'md' }} mb="lg">
      <Figure
        title={t('dashboard.runs.title')}
        value={count.format(stats.runs)}
        note={t(`dashboard.runs.${change.kind}`, { percent: count.format(change.percent), period })}
      />
      <Figure
        title={t('dashboard.well.title')}
        value={stats.success_rate === null ? '—' : percent.format(stats.success_rate)}
        note={t('dashboard.well.failed', { count: stats.failed })}
      />
      <Figure
        title={t('dashboard.time.title')}
        value={stats.median_ms === null ? '—' : duration(stats.median_ms, locale)}
        note={
          stats.p95_ms === null
            ? t('dashboard.time.none')
            : t('dashboard.time.most', { time: duration(stats.p95_ms, locale) })
        }
      />
      <Figure
        title={t('dashboard.waiting.title')}
        value={count.format(stats.waiting)}
        note={
          oldest === null
            ? t('dashboard.waiting.none')
            : t('dashboard.waiting.oldest', { time: duration(Math.max(oldest, 1_000), locale) })
        }
      />
    </SimpleGrid>
  );
}
