/** One line before a rule goes live: how often it would have run lately. Computed by itself, never in the way. */
import { Anchor, Loader, Text } from '@mantine/core';
import { IconClockPlay } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isGoing } from '../../api/backtests';
import type { Backtest } from '../../api/types';
import { useBuilderStore } from '../store';
import classes from './backtest.module.css';
import { isPart } from './figures';
import { choosePeriod, showBacktest, useFinding } from './useBacktesting';

const DAYS = 7;
/** A result of this age is as good as a new one. */
const FRESH_MS = 600_000;

function isFresh(test: Backtest | null): boolean {
  return test !== null && test.state !== 'failed' && Date.now() - Date.parse(test.created_at) < FRESH_MS;
}

export function BacktestLine({ ruleId }: { ruleId: number }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { list, start, exact, possible, again } = useFinding(ruleId, DAYS);
  const asked = useRef(false);
  const known = list.isSuccess;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the dialog opens
  useEffect(() => {
    if (!known || !possible || asked.current) return;
    asked.current = true;
    if (!isFresh(exact) || exact?.state === 'cancelled') again();
  }, [known, possible]);
  if (!possible) return null;
  const test = start.isPending ? null : exact;
  const failed = list.isError || start.isError || test?.state === 'failed';
  const text = ((): string => {
    if (failed) return t('backtest.line.failed');
    if (test === null) return t('backtest.line.trying', { percent: 0 });
    if (isGoing(test)) return t('backtest.line.trying', { percent: Math.floor(test.progress.share * 100) });
    if (test.history_since === null) return t('backtest.line.noHistory');
    const { fired: count, events } = test.result;
    return isPart(test)
      ? t('backtest.headline.part', { count, events })
      : t('backtest.line.result', { count });
  })();
  const going = !failed && (test === null || isGoing(test));
  return (
    <div className={classes.reviewLine} role="status" data-backtest-line={going ? 'going' : 'done'}>
      {going ? <Loader size={16} aria-hidden /> : <IconClockPlay size={18} aria-hidden />}
      <Text size="sm" span>
        {text}{' '}
        {!failed && test !== null && (
          <Anchor
            component="button"
            type="button"
            size="sm"
            underline="always"
            onClick={() => {
              choosePeriod(store, DAYS);
              showBacktest(store, true);
            }}
          >
            {t('backtest.line.see')}
          </Anchor>
        )}
      </Text>
    </div>
  );
}
