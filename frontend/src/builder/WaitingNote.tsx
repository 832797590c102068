/** Over an open rule whose runs wait for their turn: how many, until when, and who lets them go on or cancels them. */
import { Button, Group, Progress, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session';
import { useDecideWaiting, useWaiting, type WaitingChoice, type WaitingRuns } from '../api/waiting';
import { Confirm } from '../ui/Confirm';
import { useLocale } from '../ui/locale';
import { useProblemText } from '../ui/States';
import { untilTime } from '../ui/time';
import { toastDone, toastError } from '../ui/toast';
import classes from './builder.module.css';
import { WaitingList } from './WaitingList';
import { WouldDo } from './WouldDo';

export default function WaitingNote({ ruleId }: { ruleId: number }) {
  const { t } = useTranslation();
  const waiting = useWaiting(ruleId).data;
  const [shown, setShown] = useState(false);
  if (!waiting || (waiting.count === 0 && waiting.work?.state !== 'running')) return null;
  return (
    <section
      className={classes.drift}
      aria-label={t('timing.note.title', { count: waiting.count })}
      data-waiting
    >
      <Text size="sm" fw={600}>
        {t('timing.note.title', { count: waiting.count })}
      </Text>
      <Until waiting={waiting} />
      <Work waiting={waiting} />
      {waiting.count > 0 && <Decide waiting={waiting} shown={shown} onShow={() => setShown(!shown)} />}
      {shown && waiting.count > 0 && <WaitingList waiting={waiting} />}
    </section>
  );
}

/** For what they wait, and when they go on. */
function Until({ waiting }: { waiting: WaitingRuns }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { count, settle, batch, at_gate, next_at, last_at, closed_until } = waiting;
  const at = (moment: string): string => untilTime(new Date(moment), new Date(), locale);
  const kinds = [settle, batch, at_gate].filter((one) => one > 0).length;
  return (
    <Text size="sm">
      {[
        kinds > 0 && at_gate > 0 && t('timing.note.gate', { count: at_gate }),
        settle > 0 && t('timing.note.settle', { count: settle }),
        batch > 0 && t('timing.note.batch', { count: batch }),
        closed_until !== null && t('timing.note.closed', { time: at(closed_until) }),
        next_at !== null &&
          (count > 1 && last_at !== null
            ? t('timing.note.nextLast', { next: at(next_at), last: at(last_at) })
            : t('timing.note.next', { next: at(next_at) })),
      ]
        .filter(Boolean)
        .join(' ')}
    </Text>
  );
}

function Work({ waiting: { work } }: { waiting: WaitingRuns }) {
  const { t } = useTranslation();
  if (work === null || work.state !== 'running' || (work.kind !== 'begin' && work.kind !== 'drop'))
    return null;
  const { kind, done, total } = work;
  return (
    <Group gap="md">
      <Text size="sm" role="status">
        {t(`timing.note.work.${kind}`, { done, total })}
      </Text>
      <Progress
        w={160}
        value={total === 0 ? 0 : (done / total) * 100}
        animated
        aria-label={t('timing.note.work.progress')}
      />
    </Group>
  );
}

type DecideProps = { readonly waiting: WaitingRuns; readonly shown: boolean; readonly onShow: () => void };

function Decide({ waiting, shown, onShow }: DecideProps) {
  const { t } = useTranslation();
  const may = useMay('publisher');
  const words = useProblemText();
  const change = useDecideWaiting(waiting.rule_id);
  const [asked, setAsked] = useState<WaitingChoice | null>(null);
  const { count } = waiting;
  return (
    <Group gap="sm" mt="xs">
      {may && (
        <>
          <Button size="xs" variant="default" onClick={() => setAsked('release')}>
            {t('timing.note.release')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsked('cancel')}>
            {t('timing.note.cancel')}
          </Button>
        </>
      )}
      <Button size="xs" variant="subtle" aria-expanded={shown} onClick={onShow}>
        {t(shown ? 'timing.note.hide' : 'timing.note.show')}
      </Button>
      {asked !== null && (
        <Confirm
          opened
          title={t(`timing.note.${asked}Title`, { count })}
          confirm={t(`timing.note.${asked}Confirm`, { count })}
          keep={t('timing.note.keep')}
          danger={asked === 'cancel'}
          busy={change.isPending}
          onConfirm={() =>
            change.mutate(
              { choice: asked, count, runs: [] },
              {
                onSuccess: (now) => {
                  setAsked(null);
                  // It is carried out from now on: none is done yet.
                  const runs = { count: now.work?.total ?? count };
                  toastDone(t(asked === 'release' ? 'timing.note.goOn' : 'timing.note.dropped', runs));
                },
                onError: (error) => toastError(words(error)),
              },
            )
          }
          onClose={() => setAsked(null)}
        >
          <Text size="sm" mb="xs">
            {t(`timing.note.${asked}Text`)}
          </Text>
          <WouldDo items={waiting.would_do} />
        </Confirm>
      )}
    </Group>
  );
}
