/** The back-test of the open rule: its panel, the period, the change that is painted on the steps. */
import { useEffect } from 'react';
import { useBacktests, useStartBacktest } from '../../api/backtests';
import type { BacktestMatch, TestResult } from '../../api/types';
import { paint } from '../../model/paint';
import { findingFor } from '../../review/finding';
import { triggerOf } from '../fields';
import { type BuilderStore, currentDocument, useBuilderStore, useOpened } from '../store';
import type { Days } from './figures';

export function showBacktest(store: BuilderStore, shown: boolean): void {
  store.setState((state) =>
    shown
      ? {
          backtest: { ...state.backtest, shown },
          dialog: null,
          selected: null,
          testing: { ...state.testing, shown: false },
        }
      : { backtest: { ...state.backtest, shown, match: null }, painting: null },
  );
}

export function choosePeriod(store: BuilderStore, days: Days): void {
  store.setState((state) => ({ backtest: { ...state.backtest, days, match: null }, painting: null }));
}

/** Paints what the rule would have done with this change on its steps; null takes it away again. */
export function showMatch(store: BuilderStore, match: BacktestMatch | null, stay: boolean): void {
  store.setState((state) => ({
    backtest: { ...state.backtest, match, shown: stay },
    painting: match?.trace ? paint(state.history.present, match.trace) : null,
  }));
}

/** A match in the shape of a test, so that its steps are told the same way. */
export function asTest(match: BacktestMatch): TestResult | null {
  if (!match.trace) return null;
  return {
    trace: match.trace,
    fires: match.fired,
    reason: match.words,
    previews: match.previews,
    data: { before: match.before, after: match.after, changed: match.changed },
  };
}

/** Gives way to a step that is chosen and to a test; what is painted goes when the rule changes. */
export function useGivesWay(store: BuilderStore): void {
  useEffect(
    () =>
      store.subscribe((now, before) => {
        const { shown, match } = now.backtest;
        if (shown && (now.testing.shown || (now.selected !== null && before.selected !== now.selected))) {
          showBacktest(store, false);
        } else if (match && (now.history.present !== before.history.present || now.testing.shown)) {
          store.setState({ backtest: { ...now.backtest, match: null }, painting: null });
        } else if (match && before.painting && !now.painting) {
          store.setState({ backtest: { ...now.backtest, match: null } });
        }
      }),
    [store],
  );
}

/** Whether there is a history to try the rule on at all. */
export function startsOnChange(opened: ReturnType<typeof useOpened>): boolean {
  return triggerOf(opened)?.['on'] === 'change';
}

/** The finding of the open rule, and the way to ask for a new one. */
export function useFinding(ruleId: number, days: Days) {
  const store = useBuilderStore();
  const opened = useOpened();
  const list = useBacktests(ruleId);
  const start = useStartBacktest(ruleId);
  const document = currentDocument(store);
  const finding = findingFor(list.data ?? [], document, days);
  return {
    list,
    start,
    ...finding,
    possible: startsOnChange(opened),
    again: () => start.mutate({ document: currentDocument(store), days }),
  };
}
