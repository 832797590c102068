/** While a stored change is looked at, paints what the open rule would have done with it, as the rule is edited. */
import { useEffect } from 'react';
import { paint } from '../../model/paint';
import type { BuilderStore } from '../store';
import { verdictOf } from './history';
import type { Moment } from './sight';

/** Goes to a stored change of the chosen record; null goes back to the record as it is. */
export function lookAt(store: BuilderStore, moment: Moment | null): void {
  const { testing } = store.getState();
  if (testing.moment !== moment) store.setState({ testing: { ...testing, moment, result: null } });
}

export function useMoments(store: BuilderStore): void {
  useEffect(
    () =>
      store.subscribe((now, before) => {
        const { moment } = now.testing;
        if (now.backtest.shown && moment) {
          lookAt(store, null);
          return;
        }
        const gone = moment !== null && now.painting === null && before.painting !== null;
        if (moment === before.testing.moment && now.history.present === before.history.present && !gone)
          return;
        if (moment) {
          const { trace } = verdictOf(now.history.present, moment);
          store.setState({ walked: trace, painting: paint(now.history.present, trace) });
        } else if (before.testing.moment) {
          store.setState({ walked: null, painting: null });
        }
      }),
    [store],
  );
}
