/** The builder's page: reads the rule, then hands it to the builder. */
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRule } from '../api/rules';
import { useMay } from '../api/session';
import { LoadError, LoadingRows } from '../ui/States';
import { useDocumentName } from '../ui/useDocumentName';
import { RuleBuilder } from './RuleBuilder';

const route = getRouteApi('/shell/rules/$ruleId');

export default function BuilderPage() {
  const { t } = useTranslation();
  const { ruleId } = route.useParams();
  const { step, key, problem } = route.useSearch();
  const mayEdit = useMay('editor');
  const rule = useRule(Number(ruleId));
  useDocumentName(rule.data?.name ?? '');
  if (rule.error && !rule.data) {
    return (
      <LoadError title={t('builder.loadError')} error={rule.error} onRetry={() => void rule.refetch()} />
    );
  }
  if (!rule.data) {
    return (
      <div style={{ padding: 24 }}>
        <LoadingRows rows={5} height={88} />
      </div>
    );
  }
  return (
    <RuleBuilder
      key={rule.data.id}
      rule={rule.data}
      mayEdit={mayEdit}
      step={step ?? null}
      problem={problem ?? null}
      record={key ?? null}
      refresh={() => void rule.refetch()}
    />
  );
}
