/** How far a back-test is, and the way to stop it. */
import { Button, Group, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCancelBacktest } from '../../api/backtests';
import type { Backtest } from '../../api/types';
import { useProblemText } from '../../ui/States';
import { toastError } from '../../ui/toast';
import classes from './backtest.module.css';

export function BacktestProgress({ test, ruleId }: { test: Backtest; ruleId: number }) {
  const { t } = useTranslation();
  const inWords = useProblemText();
  const cancel = useCancelBacktest(ruleId);
  const { read, total, share } = test.progress;
  const label = total === null ? t('backtest.waiting') : t('backtest.read', { read, total });
  return (
    <div className={classes.progress} data-going>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{label}</Text>
        <Button
          size="compact-sm"
          variant="default"
          loading={cancel.isPending}
          onClick={() => cancel.mutate(test.id, { onError: (error) => toastError(inWords(error)) })}
        >
          {t('ui.cancel')}
        </Button>
      </Group>
      <Progress.Root size="md" mt={8}>
        <Progress.Section value={share * 100} animated aria-label={label} />
      </Progress.Root>
    </div>
  );
}
