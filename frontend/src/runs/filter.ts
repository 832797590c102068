/** Filters of the address → filters of the API. Pure: now is an argument. */
import type { RunFilter, RunState } from '../api/types';
import type { RunPeriod } from '../routes/search';

export interface RunsSearch {
  rule?: number;
  state?: RunState | 'unknown';
  period?: RunPeriod;
  table?: string;
  key?: string;
}

const HOURS: Record<RunPeriod, number> = { '1h': 1, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 };

export function toFilter(search: RunsSearch, now: Date): RunFilter {
  return {
    ...(search.rule === undefined ? {} : { rule_id: search.rule }),
    ...(search.state === undefined
      ? {}
      : search.state === 'unknown'
        ? { state: 'failed', fault: 'outcome-unknown' }
        : { state: search.state }),
    ...(search.table === undefined ? {} : { table: search.table }),
    ...(search.key === undefined ? {} : { key: search.key }),
    ...(search.period === undefined
      ? {}
      : { from: new Date(now.getTime() - HOURS[search.period] * 3_600_000).toISOString() }),
  };
}

export function isFiltered(search: RunsSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}
