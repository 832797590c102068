import { Button, Skeleton, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Stats } from '../api/types';
import { Card } from '../ui/Card';
import { useLocale } from '../ui/locale';
import { dayBegins, partFormat } from './days';
import classes from './RunsChart.module.css';

const Drawing = lazy(() => import('./Drawing'));

/** Runs per day (per hour for one day) as an area, or the same numbers as a table. */
export function RunsChart({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [table, view] = useDisclosure(false);
  const hourly = stats.period === '24h';
  const format = partFormat(hourly, locale);
  const latest = stats.series.at(-1);
  const begins = hourly || latest === undefined ? null : dayBegins(latest.at, locale);
  const rows = stats.series.map((bucket) => ({ ...bucket, label: format.format(new Date(bucket.at)) }));
  const change = (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={table ? <IconChartLine size={16} /> : <IconTable size={16} />}
      onClick={view.toggle}
    >
      {table ? t('dashboard.chart.asChart') : t('dashboard.chart.asTable')}
    </Button>
  );
  return (
    <Card title={hourly ? t('dashboard.chart.hour') : t('dashboard.chart.day')} aside={change}>
      {begins !== null && (
        <Text size="sm" c="dimmed" mb="xs">
          {t('dashboard.chart.utc', { time: begins })}
        </Text>
      )}
      {table ? (
        <div className={classes.scroll}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('dashboard.chart.at')}</Table.Th>
                <Table.Th ta="right">{t('dashboard.chart.succeeded')}</Table.Th>
                <Table.Th ta="right">{t('dashboard.chart.failed')}</Table.Th>
                <Table.Th ta="right">{t('dashboard.chart.other')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody className="ry-number">
              {rows.map((row) => (
                <Table.Tr key={row.at}>
                  <Table.Td>{row.label}</Table.Td>
                  <Table.Td ta="right">{row.succeeded}</Table.Td>
                  <Table.Td ta="right">{row.failed}</Table.Td>
                  <Table.Td ta="right">{row.other}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ) : (
        <figure
          className={classes.figure}
          aria-label={t('dashboard.chart.summary', { runs: stats.runs, failed: stats.failed })}
        >
          <Suspense fallback={<Skeleton height={290} />}>
            <Drawing rows={rows} />
          </Suspense>
        </figure>
      )}
    </Card>
  );
}
