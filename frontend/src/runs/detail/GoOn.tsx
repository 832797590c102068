/** Lets a waiting run go on: before its time, outside of its hours, or by the path for when nothing comes. Says first what
 * that means. */
import { Button } from '@mantine/core';
import { IconClockX, IconPlayerSkipForward } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useGoOnRun } from '../../api/builder';
import type { Run } from '../../api/types';
import { nodesOf, type Opened } from '../../model/graph';
import type { RuleNode } from '../../model/rule';
import { awaitsSomething } from '../../model/waits';
import { Confirm } from '../../ui/Confirm';
import { useProblemText } from '../../ui/States';
import { toastDone, toastError } from '../../ui/toast';

type Way = 'now' | 'late';

/** The wait at which the run rests; null where it rests at none. */
function waitOf(run: Run, opened: Opened): RuleNode | null {
  const step = run.trace.steps.find((one) => one.state === 'waiting' && one.kind === 'wait');
  if (run.state !== 'waiting' || !step) return null;
  return nodesOf(opened).find((node) => node.id === step.node) ?? null;
}

export function GoOn({ run, opened }: { readonly run: Run; readonly opened: Opened }) {
  const { t } = useTranslation();
  const goOn = useGoOnRun();
  const inWords = useProblemText();
  const [asked, setAsked] = useState<Way | null>(null);
  const node = waitOf(run, opened);
  const closed = run.state === 'waiting' && run.fault?.code === 'outside-hours';
  if (node === null && !closed) return null;
  const waitsFor = node !== null && awaitsSomething(node);
  const way = asked ?? 'now';
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerSkipForward size={16} aria-hidden />}
        onClick={() => setAsked('now')}
      >
        {t('runDetail.goOn.now')}
      </Button>
      {waitsFor && (
        <Button
          variant="default"
          leftSection={<IconClockX size={16} aria-hidden />}
          onClick={() => setAsked('late')}
        >
          {t('runDetail.goOn.late')}
        </Button>
      )}
      <Confirm
        opened={asked !== null}
        title={t(`runDetail.goOn.${way}Title`)}
        confirm={t(`runDetail.goOn.${way}`)}
        busy={goOn.isPending}
        onConfirm={() =>
          goOn.mutate(
            { id: run.id, way },
            {
              onSuccess: () => toastDone(t('runDetail.goOn.done')),
              onError: (error) => toastError(inWords(error)),
              onSettled: () => setAsked(null),
            },
          )
        }
        onClose={() => setAsked(null)}
      >
        {t(
          `runDetail.goOn.${way === 'late' ? 'lateText' : closed ? 'nowHours' : waitsFor ? 'nowFor' : 'nowTime'}`,
        )}
      </Confirm>
    </>
  );
}
