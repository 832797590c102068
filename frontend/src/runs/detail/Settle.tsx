/** A mail of which nobody knows whether it went out: somebody looks, and says how the run goes on. */
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Settling, useSettleRun } from '../../api/runs';
import { useMay } from '../../api/session';
import type { Run } from '../../api/types';
import { Attention } from '../../ui/Attention';
import { useProblemText } from '../../ui/States';
import { toastDone, toastError } from '../../ui/toast';

export function Settle({ run }: { run: Run }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const may = useMay('editor');
  const settle = useSettleRun(run.id);
  if (!run.can_settle) return null;
  const say = (choice: Settling) =>
    settle.mutate(choice, {
      onSuccess: () => toastDone(t(`runDetail.settle.${choice}Done`)),
      onError: (error) => toastError(words(error)),
    });
  return (
    <Attention title={t('runDetail.settle.title')}>
      <Text size="sm">{t('runDetail.settle.text')}</Text>
      {may && (
        <Group gap="sm">
          <Button variant="default" disabled={settle.isPending} onClick={() => say('arrived')}>
            {t('runDetail.settle.arrived')}
          </Button>
          <Button variant="default" disabled={settle.isPending} onClick={() => say('resend')}>
            {t('runDetail.settle.resend')}
          </Button>
        </Group>
      )}
    </Attention>
  );
}
