/** Changes that the rule would have run for, and those that one comparison kept from it: from its newest back-test. */
import { isGoing, useBacktests, useMatches, useStartBacktest } from '../../api/backtests';
import { useReadChange } from '../../api/events';
import type { Backtest, BacktestMatch } from '../../api/types';
import { isObject } from '../../model/json';
import { startsOnChange } from '../backtest/useBacktesting';
import { useRoom } from '../context';
import { currentDocument, NO_TEST, useBuilder, useBuilderStore, useOpened } from '../store';
import { recordName } from './choose';
import { momentsOf } from './history';

const DAYS = 7;
/** So many of each are offered. */
const OFFERED = 5;

export type Found = {
  readonly fired: readonly BacktestMatch[];
  readonly near: readonly BacktestMatch[];
  /** `none`: no past change was looked at yet; `off`: the rule does not start by changes. */
  readonly state: 'off' | 'none' | 'looking' | 'done';
  readonly look: () => void;
};

/** Each record once, by its newest change. */
function eachRecordOnce(matches: readonly BacktestMatch[]): readonly BacktestMatch[] {
  const seen = new Set<string>();
  return matches.filter((one) => {
    const fresh = !seen.has(one.record_key);
    seen.add(one.record_key);
    return fresh;
  });
}

function useOffered(
  test: Backtest | null,
  kind: 'fired' | 'nearly',
  enabled: boolean,
): readonly BacktestMatch[] {
  const pages = useMatches(test, kind, enabled);
  const items = test === null ? [] : (pages.data?.pages[0]?.items ?? []);
  return eachRecordOnce(items).slice(0, OFFERED);
}

/** Asked while the list is open. */
export function useFoundChanges(enabled: boolean): Found {
  const store = useBuilderStore();
  const ruleId = useBuilder((state) => state.ruleId);
  const opened = useOpened();
  const list = useBacktests(ruleId, enabled);
  const start = useStartBacktest(ruleId);
  const going = start.isPending || (list.data ?? []).some(isGoing);
  const test = list.data?.find((one) => one.state === 'succeeded') ?? null;
  return {
    fired: useOffered(test, 'fired', enabled),
    near: useOffered(test, 'nearly', enabled),
    state: !startsOnChange(opened) ? 'off' : going ? 'looking' : test ? 'done' : 'none',
    look: () => start.mutate({ document: currentDocument(store), days: DAYS }),
  };
}

/** Chooses the record of a stored change, at that change. */
export function useChooseChange(): (eventId: number) => Promise<string> {
  const store = useBuilderStore();
  const { subject } = useRoom();
  const read = useReadChange();
  return async (eventId) => {
    const event = await read(subject.connectionId ?? 0, eventId);
    const record = event.after ?? event.before;
    const [moment = null] = momentsOf([event]);
    const label = recordName({ record_key: event.record_key, label: event.record_label });
    const { op, shown } = store.getState().testing;
    store.setState({
      testing: {
        ...NO_TEST,
        op,
        shown,
        key: event.key,
        label,
        record: isObject(record) ? record : null,
        moment,
      },
    });
    return label;
  };
}
