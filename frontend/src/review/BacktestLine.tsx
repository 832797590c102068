/** One line before a rule goes live: how often it would have run lately. Computed by itself, never in the way. */
import { Anchor, Loader, Text } from '@mantine/core';
import { IconClockPlay } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isGoing, useBacktests, useStartBacktest } from '../api/backtests';
import type { Backtest } from '../api/types';
import type { JSONObject } from '../model/json';
import { findingFor, isPart } from './finding';
import classes from './review.module.css';

export const LINE_DAYS = 7;
/** A result of this age is as good as a new one. */
const FRESH_MS = 600_000;

function isFresh(test: Backtest | null): boolean {
  return test !== null && test.state !== 'failed' && Date.now() - Date.parse(test.created_at) < FRESH_MS;
}

type Props = {
  readonly ruleId: number;
  readonly document: JSONObject;
  /** Shows it whole; null where there is no place for that. */
  readonly onSee: (() => void) | null;
};

export function BacktestLine({ ruleId, document, onSee }: Props) {
  const { t } = useTranslation();
  const list = useBacktests(ruleId);
  const start = useStartBacktest(ruleId);
  const { exact } = findingFor(list.data ?? [], document, LINE_DAYS);
  const asked = useRef(false);
  const known = list.isSuccess;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the dialog opens
  useEffect(() => {
    if (!known || asked.current) return;
    asked.current = true;
    if (!isFresh(exact) || exact?.state === 'cancelled') start.mutate({ document, days: LINE_DAYS });
  }, [known]);
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
    <div className={classes.line} role="status" data-backtest-line={going ? 'going' : 'done'}>
      {going ? <Loader size={16} aria-hidden /> : <IconClockPlay size={18} aria-hidden />}
      <Text size="sm" span>
        {text}{' '}
        {!failed && test !== null && onSee !== null && (
          <Anchor component="button" type="button" size="sm" underline="always" onClick={onSee}>
            {t('backtest.line.see')}
          </Anchor>
        )}
      </Text>
    </div>
  );
}
