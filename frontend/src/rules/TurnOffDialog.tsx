import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSwitchRule } from '../api/rules';
import { useWaitingCount } from '../api/runs';
import type { RuleSummary } from '../api/types';
import { Confirm } from '../ui/Confirm';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';

/** Turns a rule off at once, unless records are waiting in it: then it asks first. */
export function TurnOffDialog({ rule, onClose }: { rule: RuleSummary; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const waiting = useWaitingCount(rule.id);
  const { mutate, isPending } = useSwitchRule();
  const began = useRef(false);

  const turnOff = () =>
    mutate(
      { id: rule.id, on: false },
      {
        onSuccess: () => toastDone(t('rules.turnOff.done', { name: rule.name })),
        onError: (error) => toastError(words(error)),
        onSettled: onClose,
      },
    );
  const nobodyWaits = waiting.data === 0 || waiting.isError;
  const turnOffNow = useRef(turnOff);
  useEffect(() => {
    if (!nobodyWaits || began.current) return;
    began.current = true;
    turnOffNow.current();
  }, [nobodyWaits]);

  return (
    <Confirm
      opened={waiting.data !== undefined && waiting.data > 0}
      title={t('rules.turnOff.title', { name: rule.name })}
      confirm={t('rules.turnOff.confirm')}
      busy={isPending}
      onConfirm={turnOff}
      onClose={onClose}
    >
      {t('rules.turnOff.body', { count: waiting.data ?? 0 })}
    </Confirm>
  );
}
