/** Over an open rule that ran more often than its limit: what it holds, what that would do, and who decides. */
import { Anchor, Button, Group, Progress, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type HeldChoice, type HeldRuns, useDecideHeld, useHeld } from '../api/held';
import { useMay } from '../api/session';
import type { Rule } from '../api/types';
import { Attention } from '../ui/Attention';
import { Confirm } from '../ui/Confirm';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';
import classes from './builder.module.css';
import { WouldDo } from './WouldDo';

export function HeldNote({ rule, refresh }: { rule: Rule; refresh: () => void }) {
  const { t } = useTranslation();
  const held = useHeld(rule.id).data;
  if (!held) return null;
  if (held.held > 0 || held.since !== null) return <Holding held={held} refresh={refresh} />;
  if (held.work === null || !(held.can_recall || held.work.state === 'running')) return null;
  return (
    <section className={classes.drift} data-held-after aria-label={t('held.work.progress')}>
      <Work held={held} refresh={refresh} />
    </section>
  );
}

function Holding({ held, refresh }: { held: HeldRuns; refresh: () => void }) {
  const { t } = useTranslation();
  const may = useMay('publisher');
  const [asked, setAsked] = useState<'release' | 'cancel' | null>(null);
  const decide = useDecide(held, refresh);
  const busy = held.work?.state === 'running';
  return (
    <div className={classes.drift} data-held>
      <Attention title={held.held > 0 ? t('held.title', { count: held.held }) : t('held.titleNone')}>
        <Text size="sm">
          {held.limit === null ? t('held.whyOff') : t('held.why', { limit: held.limit })}{' '}
          {held.since !== null && t('held.further')}
        </Text>
        <WouldDo items={held.would_do} />
        {busy && <Work held={held} refresh={refresh} />}
        {held.held > 0 && (
          <Group gap="sm" mt="xs">
            {may && (
              <>
                <Button size="xs" onClick={() => setAsked('release')}>
                  {t('held.release')}
                </Button>
                <Button size="xs" variant="default" onClick={() => setAsked('cancel')}>
                  {t('held.cancel')}
                </Button>
              </>
            )}
            <Anchor
              component={Link}
              to={`/runs?rule=${held.rule_id}&state=held`}
              size="sm"
              underline="always"
            >
              {t('held.see')}
            </Anchor>
            {!may && (
              <Text size="sm" c="dimmed">
                {t('held.ask')}
              </Text>
            )}
          </Group>
        )}
      </Attention>
      {asked !== null && (
        <Confirm
          opened
          title={t(`held.${asked}Title`, { count: held.held })}
          confirm={t(`held.${asked}Confirm`, { count: held.held })}
          keep={t('held.keep')}
          danger={asked === 'cancel'}
          busy={decide.isPending}
          onConfirm={() => decide.choose(asked, () => setAsked(null))}
          onClose={() => setAsked(null)}
        >
          <Text size="sm" mb="xs">
            {t(`held.${asked}Text`)}
          </Text>
          <WouldDo items={held.would_do} />
        </Confirm>
      )}
    </div>
  );
}

/** What somebody decided, how far it is, and the way back. */
function Work({ held, refresh }: { held: HeldRuns; refresh: () => void }) {
  const { t } = useTranslation();
  const may = useMay('publisher');
  const decide = useDecide(held, refresh);
  const work = held.work;
  if (work === null || work.kind === 'retry') return null;
  const { kind, done, total } = work;
  const goesOn = work.state === 'running';
  return (
    <Group gap="md" align="center">
      <Text size="sm" role="status">
        {goesOn || kind === 'recall'
          ? t(`held.work.${kind}`, { done, total })
          : t(kind === 'release' ? 'held.work.released' : 'held.work.cancelled', { count: done })}
      </Text>
      {goesOn && (
        <Progress
          w={160}
          value={total === 0 ? 0 : (done / total) * 100}
          animated
          aria-label={t('held.work.progress')}
        />
      )}
      {may && held.can_recall && (
        <Button
          size="xs"
          variant="default"
          loading={decide.isPending}
          onClick={() => decide.choose('recall', () => toastDone(t('held.recalled')))}
        >
          {t('held.recall')}
        </Button>
      )}
    </Group>
  );
}

function useDecide(held: HeldRuns, refresh: () => void) {
  const change = useDecideHeld(held.rule_id);
  const words = useProblemText();
  const choose = (choice: HeldChoice, done: () => void): void =>
    change.mutate(
      { choice, count: Math.max(1, held.held) },
      {
        onSuccess: () => {
          done();
          refresh();
        },
        onError: (error) => toastError(words(error)),
      },
    );
  return { choose, isPending: change.isPending };
}
