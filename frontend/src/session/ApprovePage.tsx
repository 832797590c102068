/** What a mailed link opens: the question and two buttons, without signing in. Opening it decides nothing. */
import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnswerByLink, useLinkedApproval } from '../api/approvals';
import { isProblem } from '../api/client';
import type { LinkedApproval } from '../api/types';
import classes from '../ui/Asked.module.css';
import { Decide, Decided } from '../ui/Decide';
import { RelativeTime } from '../ui/RelativeTime';
import { LoadError, LoadingRows, useProblemText } from '../ui/States';
import { Gate } from './Gate';

const route = getRouteApi('/approve/$token');

/** A page behind a secret address is nothing for search engines. */
function useUnlisted(): void {
  useEffect(() => {
    const meta = document.createElement('meta');
    meta.name = 'robots';
    meta.content = 'noindex, nofollow';
    document.head.append(meta);
    return () => meta.remove();
  }, []);
}

export default function ApprovePage() {
  const { t } = useTranslation();
  const { token } = route.useParams();
  const linked = useLinkedApproval(token);
  useUnlisted();
  if (linked.data !== undefined) return <Question token={token} asked={linked.data} />;
  if (!linked.isError)
    return (
      <Gate title={t('approval.link.title')}>
        <LoadingRows rows={2} height={60} />
      </Gate>
    );
  const gone = isProblem(linked.error) && linked.error.status === 404;
  const slow = isProblem(linked.error) && linked.error.status === 429;
  if (gone || slow)
    return (
      <Gate
        title={t('approval.link.gone.title')}
        body={t(slow ? 'approval.link.slow' : 'approval.link.gone.body')}
      />
    );
  return (
    <Gate title={t('approval.link.title')}>
      <LoadError title={t('approval.loadError')} error={linked.error} onRetry={() => void linked.refetch()} />
    </Gate>
  );
}

function Question({ token, asked }: { token: string; asked: LinkedApproval }) {
  const { t } = useTranslation();
  const answer = useAnswerByLink(token);
  const words = useProblemText();
  const { standing } = asked;
  return (
    <Gate title={t('approval.link.title')} body={t('approval.link.hello', { name: asked.you })}>
      <h2 className={classes.question} data-question style={{ fontSize: 20 }}>
        {asked.question}
      </h2>
      {asked.details !== '' && <p className={classes.details}>{asked.details}</p>}
      <div className={classes.answer} role="status" data-standing={standing}>
        {standing !== 'open' && (
          <>
            <Decided standing={standing} name={asked.answered_by ?? ''} comment={asked.comment ?? ''} />
            {answer.isSuccess && (
              <Text size="sm" mt="sm">
                {t('approval.link.thanks')}
              </Text>
            )}
          </>
        )}
      </div>
      {standing === 'open' && (
        <>
          <Text size="xs" c="dimmed" mb="sm">
            {t('approval.due')} <RelativeTime at={asked.until} /> · {t('approval.link.notYet')}
          </Text>
          <Decide
            question={asked.question}
            commentNeeded={asked.comment_needed}
            busy={answer.isPending ? answer.variables.answer : null}
            onAnswer={(given) => answer.mutate(given)}
            wide
          />
        </>
      )}
      {answer.isError && (
        <Text size="sm" mt="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
          {words(answer.error)}
        </Text>
      )}
    </Gate>
  );
}
