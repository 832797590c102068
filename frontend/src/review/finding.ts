/** Which of a rule's back-tests speaks of this very document, and how whole it is. Pure. */
import { isGoing } from '../api/backtests';
import type { Backtest } from '../api/types';
import { type JSONObject, type JSONValue, same } from '../model/json';

export type Finding = {
  /** The newest of this very document and period. */
  readonly exact: Backtest | null;
  /** Else the newest of the period, of the rule as it was. */
  readonly older: Backtest | null;
};

function isJson(value: unknown): value is JSONValue {
  return value !== undefined;
}

export function findingFor(items: readonly Backtest[], document: JSONObject, days: number): Finding {
  const ofPeriod = items.filter((one) => one.days === days);
  const exact = ofPeriod.find((one) => {
    const tried: unknown = one.document;
    return isJson(tried) && same(tried, document);
  });
  return { exact: exact ?? null, older: exact ? null : (ofPeriod.find((one) => !isGoing(one)) ?? null) };
}

/** Not every change of the period was judged: it was cancelled, or only the newest are. */
export function isPart(test: Backtest): boolean {
  return test.sampled || test.state === 'cancelled' || test.state === 'failed';
}
