/** A rule that is being run for records that already matched: how far it is, and the way to stop it. */
import { Anchor, Button, Group, Progress, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CatchUp, useCatchUps, useStopCatchUp } from '../api/already';
import { useMay } from '../api/session';
import { Confirm } from '../ui/Confirm';
import { useProblemText } from '../ui/States';
import { toastError } from '../ui/toast';
import classes from './review.module.css';

/** So long it is told after it ended. */
const TOLD_MS = 600_000;

/** Of one rule, or of every rule. */
export function CatchUpNotes({ ruleId = null }: { ruleId?: number | null }) {
  const all = useCatchUps(ruleId).data ?? [];
  const told = all.filter(
    (one) =>
      one.state === 'running' ||
      // A schedule that looked and found nothing wrong is no news: it will look again.
      ((one.tick_at === null || one.state === 'failed') &&
        one.finished_at !== null &&
        Date.now() - Date.parse(one.finished_at) < TOLD_MS),
  );
  const newest = told.filter((one, at) => told.findIndex((other) => other.rule_id === one.rule_id) === at);
  return newest.map((one) => <Note key={one.id} one={one} named={ruleId === null} />);
}

function Note({ one, named }: { one: CatchUp; named: boolean }) {
  const { t } = useTranslation();
  const may = useMay('publisher');
  const stop = useStopCatchUp();
  const inWords = useProblemText();
  const [asking, setAsking] = useState(false);
  const goes = one.state === 'running';
  // Of a schedule's visit, or of turning the rule on.
  const words = one.tick_at === null ? 'review.catchUp' : 'schedule.visit';
  const { looked, about, runs } = one;
  const share = about !== null && about > 0 ? Math.min(99, (looked / about) * 100) : null;
  return (
    <section className={classes.catchUp} data-catch-up={one.state} aria-label={t(`${words}.label`)}>
      <Group gap="md">
        <Text size="sm" role="status">
          {named && (
            <>
              <Anchor component={Link} to={`/rules/${one.rule_id}`} size="sm" underline="always">
                {one.rule_name}
              </Anchor>
              {t('look.colon')}
            </>
          )}
          {t(`${words}.${one.state}`, { count: runs })}{' '}
          {one.error !== '' && goes && t('review.catchUp.waits', { reason: one.error })}
          {one.error !== '' && one.state === 'failed' && one.error}
        </Text>
        {goes && share !== null && (
          <Progress w={160} value={share} animated aria-label={t('review.catchUp.progress')} />
        )}
        {!named && runs > 0 && (
          <Anchor component={Link} to={`/runs?rule=${one.rule_id}`} size="sm" underline="always">
            {t('review.catchUp.see')}
          </Anchor>
        )}
        {goes && may && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {t('review.catchUp.cancel')}
          </Button>
        )}
      </Group>
      <Confirm
        opened={asking && goes}
        title={t(`${words}.cancelTitle`)}
        confirm={t('review.catchUp.cancelConfirm')}
        keep={t('review.catchUp.cancelKeep')}
        danger
        busy={stop.isPending}
        onConfirm={() =>
          stop.mutate(one.id, {
            onError: (error) => toastError(inWords(error)),
            onSettled: () => setAsking(false),
          })
        }
        onClose={() => setAsking(false)}
      >
        {t(`${words}.cancelText`)}
      </Confirm>
    </section>
  );
}
