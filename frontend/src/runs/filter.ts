/** Filters of the address → filters of the API. Pure: now is an argument. */
import type { RunFilter, RunState } from '../api/types';
import type { RunPeriod } from '../routes/search';

/** A state of a run, or one that is told apart by its reason as well. */
export type ChosenState = RunState | 'unknown' | 'held';

export interface RunsSearch {
  rule?: number;
  /** Of that rule. */
  version?: number;
  state?: ChosenState;
  period?: RunPeriod;
  table?: string;
  key?: string;
}

const HOURS: Record<RunPeriod, number> = { '1h': 1, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 };

export function toFilter(search: RunsSearch, now: Date): RunFilter {
  return {
    ...(search.rule === undefined ? {} : { rule_id: search.rule }),
    ...(search.version === undefined || search.rule === undefined ? {} : { version: search.version }),
    ...(search.state === undefined ? {} : ofState(search.state)),
    ...(search.table === undefined ? {} : { table: search.table }),
    ...(search.key === undefined ? {} : { key: search.key }),
    ...(search.period === undefined
      ? {}
      : { from: new Date(now.getTime() - HOURS[search.period] * 3_600_000).toISOString() }),
  };
}

function ofState(state: ChosenState): RunFilter {
  if (state === 'unknown') return { state: 'failed', fault: 'outcome-unknown' };
  if (state === 'held') return { state: 'waiting', fault: 'held' };
  return { state };
}

export function isFiltered(search: RunsSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}
