/** The one sentence of a back-test: how often the rule would have run, of which time or how many changes. Pure. */
import type { TFunction } from 'i18next';
import { isGoing } from '../../api/backtests';
import type { Backtest } from '../../api/types';
import { isPart } from '../../review/finding';

export function headline(test: Backtest, t: TFunction): string {
  const { fired } = test.result;
  if (isGoing(test)) return t('backtest.headline.soFar', { count: fired });
  if (isPart(test)) return t('backtest.headline.part', { count: fired, events: test.result.events });
  return t(`backtest.headline.d${test.days}`, { count: fired });
}
