/** One run: the rule as it was, the way the run took through it, and its story. Live while it is on its way. */
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRun } from '../../api/builder';
import { isProblem } from '../../api/client';
import { LoadError, LoadingRows } from '../../ui/States';
import { useDocumentName } from '../../ui/useDocumentName';
import { GoneRun, NoRun } from './GoneRun';
import { RunView } from './RunView';

const route = getRouteApi('/shell/runs/$runId');

export default function RunPage() {
  const { t } = useTranslation();
  const { runId } = route.useParams();
  const run = useRun(Number(runId));
  useDocumentName(run.data ? t('runDetail.pageName', { rule: run.data.rule_name }) : '');
  if (isProblem(run.error, 'run-gone')) return <GoneRun id={Number(runId)} problem={run.error} />;
  if (isProblem(run.error) && run.error.status === 404) return <NoRun id={runId} />;
  if (run.error && !run.data) {
    return (
      <LoadError title={t('runDetail.loadError')} error={run.error} onRetry={() => void run.refetch()} />
    );
  }
  if (!run.data) {
    return (
      <div style={{ padding: 24 }}>
        <LoadingRows rows={5} height={88} />
      </div>
    );
  }
  return <RunView key={run.data.id} run={run.data} />;
}
