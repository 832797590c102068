import { Button } from '@mantine/core';
import { IconArrowUp, IconHistory } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRuns } from '../api/runs';
import { useMay } from '../api/session';
import { CatchUpNotes } from '../review/CatchUpNote';
import { More } from '../ui/More';
import { PageHeader } from '../ui/PageHeader';
import { StartHere } from '../ui/StartHere';
import { Empty, LoadError, LoadingRows, NoResult } from '../ui/States';
import { isFiltered, toFilter } from './filter';
import { KeptSince } from './KeptSince';
import { RetryAll } from './RetryAll';
import { RunFilters } from './RunFilters';
import classes from './RunsPage.module.css';
import { RunTable } from './RunTable';
import { useArrivals } from './useArrivals';

const route = getRouteApi('/shell/runs');

export default function RunsPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // The period's beginning is fixed when the filters change, so that pages belong together.
  const filter = useMemo(() => toFilter(search, new Date()), [search]);
  const runs = useRuns(filter);
  const list = useMemo(() => runs.data?.pages.flatMap((page) => page.items), [runs.data]);
  const mayRetry = useMay('editor');
  const arrivals = useArrivals(filter, list?.[0]?.id ?? null, list !== undefined);

  const showNew = () => {
    arrivals.seen();
    void runs.refetch();
  };

  const kept = runs.data?.pages[0]?.kept;
  const end = kept !== undefined && !runs.hasNextPage && <KeptSince kept={kept} />;

  function body() {
    if (list === undefined) {
      if (!runs.isError) return <LoadingRows rows={9} />;
      return <LoadError title={t('runs.error')} error={runs.error} onRetry={() => void runs.refetch()} />;
    }
    if (list.length === 0) {
      if (isFiltered(search)) {
        return (
          <>
            <NoResult
              title={t('runs.noResult')}
              clear={t('runs.filter.clear')}
              onClear={() => void navigate({ search: {} })}
            />
            {end}
          </>
        );
      }
      return (
        <Empty icon={<IconHistory size={24} />} title={t('runs.empty.title')} actions={<StartHere />}>
          {t('runs.empty.body')}
        </Empty>
      );
    }
    return (
      <>
        {mayRetry &&
          filter.state === 'failed' &&
          filter.fault === undefined &&
          filter.version === undefined && <RetryAll filter={filter} />}
        <RunTable runs={list} />
        <More of={runs} />
        {end}
      </>
    );
  }

  return (
    <>
      <PageHeader title={t('runs.title')} subtitle={t('runs.subtitle')} />
      <RunFilters />
      <CatchUpNotes />
      <div className={classes.arrivals} aria-live="polite">
        {arrivals.count > 0 && (
          <Button size="compact-md" radius="xl" leftSection={<IconArrowUp size={15} />} onClick={showNew}>
            {arrivals.more
              ? t('runs.arrived', { count: arrivals.count }).replace(
                  String(arrivals.count),
                  `${arrivals.count}+`,
                )
              : t('runs.arrived', { count: arrivals.count })}
          </Button>
        )}
      </div>
      {body()}
    </>
  );
}
