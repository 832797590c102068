/** The files that rules made: what each is, which rule and run made it, how long it stays, and its download. */
import { Button } from '@mantine/core';
import { IconFileSpreadsheet, IconX } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useReports } from '../api/reports';
import { More } from '../ui/More';
import { PageHeader } from '../ui/PageHeader';
import { StartHere } from '../ui/StartHere';
import { Empty, LoadError, LoadingRows, NoResult } from '../ui/States';
import { ReportTable } from './ReportTable';

const route = getRouteApi('/shell/reports');

export default function ReportsPage() {
  const { t } = useTranslation();
  const { rule } = route.useSearch();
  const navigate = route.useNavigate();
  const reports = useReports(rule === undefined ? {} : { rule_id: rule });
  const list = reports.data?.pages.flatMap((page) => page.items);
  const clear = () => void navigate({ search: {} });

  function body() {
    if (list === undefined) {
      if (!reports.isError) return <LoadingRows rows={6} />;
      return (
        <LoadError title={t('reports.error')} error={reports.error} onRetry={() => void reports.refetch()} />
      );
    }
    if (list.length === 0 && rule !== undefined) {
      return <NoResult title={t('reports.noResult')} clear={t('reports.showAll')} onClear={clear} />;
    }
    if (list.length === 0) {
      return (
        <Empty
          icon={<IconFileSpreadsheet size={24} />}
          title={t('reports.empty.title')}
          actions={<StartHere />}
        >
          {t('reports.empty.body')}
        </Empty>
      );
    }
    return (
      <>
        <ReportTable reports={list} />
        <More of={reports} />
      </>
    );
  }

  const one = rule === undefined ? undefined : list?.[0]?.rule_name;
  return (
    <>
      <PageHeader
        title={t('reports.title')}
        subtitle={t('reports.subtitle')}
        actions={
          one !== undefined && (
            <Button variant="default" size="sm" rightSection={<IconX size={14} />} onClick={clear}>
              {t('reports.ofRule', { rule: one })}
            </Button>
          )
        }
      />
      {body()}
    </>
  );
}
