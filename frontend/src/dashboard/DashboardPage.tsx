import { SegmentedControl, SimpleGrid } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHolding } from '../api/rules';
import { useStats } from '../api/stats';
import { PERIODS, type Period } from '../api/types';
import { PageHeader } from '../ui/PageHeader';
import { StartHere } from '../ui/StartHere';
import { Empty, LoadError, LoadingRows } from '../ui/States';
import { ActiveRules } from './ActiveRules';
import { Failing } from './Failing';
import { Numbers } from './Numbers';
import { RunsChart } from './RunsChart';

const route = getRouteApi('/shell/dashboard');
const FIRST: Period = '14d';

export default function DashboardPage() {
  const { t } = useTranslation();
  const period = route.useSearch().period ?? FIRST;
  const navigate = route.useNavigate();
  const stats = useStats(period);
  const holding = useHolding();

  const choose = (value: string) => {
    const chosen = PERIODS.find((one) => one === value);
    if (chosen !== undefined) void navigate({ search: chosen === FIRST ? {} : { period: chosen } });
  };
  const periods = (
    <SegmentedControl
      aria-label={t('dashboard.period.label')}
      value={period}
      onChange={choose}
      data={PERIODS.map((value) => ({ value, label: t(`dashboard.period.${value}`) }))}
    />
  );

  function body() {
    const { data } = stats;
    if (data === undefined) {
      if (!stats.isError) return <LoadingRows rows={3} height={150} />;
      return (
        <LoadError title={t('dashboard.error')} error={stats.error} onRetry={() => void stats.refetch()} />
      );
    }
    if (data.runs === 0 && data.runs_before === 0 && data.waiting === 0) {
      return (
        <Empty icon={<IconChartBar size={24} />} title={t('dashboard.empty.title')} actions={<StartHere />}>
          {t('dashboard.empty.body')}
        </Empty>
      );
    }
    return (
      <>
        <Numbers stats={data} />
        <RunsChart stats={data} />
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" mt="lg">
          <ActiveRules rules={data.active} period={data.period} />
          <Failing holding={holding.data ?? []} items={data.attention} />
        </SimpleGrid>
      </>
    );
  }

  return (
    <>
      <PageHeader title={t('dashboard.title')} actions={periods} />
      {body()}
    </>
  );
}
