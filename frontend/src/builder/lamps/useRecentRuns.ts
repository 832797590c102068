/** Records that the open rule ran for lately, and choosing one of them as its run saw it. */
import { useReadRun, useRecentRuns as useRuns } from '../../api/runs';
import type { RunSummary } from '../../api/types';
import { isObject } from '../../model/json';
import { useRoom } from '../context';
import { NO_TEST, useBuilder, useBuilderStore } from '../store';
import { recordName } from './choose';
import { useChooseChange } from './useFoundChanges';

/** So many are offered. */
const OFFERED = 5;

/** Each record once, by its newest run; of one table only. */
export function ranFor(
  runs: readonly Pick<RunSummary, 'record_table' | 'record_key' | 'id'>[],
  table: string,
): readonly number[] {
  const newest = new Map<string, number>();
  for (const { record_table, record_key, id } of runs) {
    if (record_table === table && !newest.has(record_key)) newest.set(record_key, id);
  }
  return [...newest.values()].slice(0, OFFERED);
}

/** Of the rule's own table. */
export function useRecentRuns(enabled: boolean): readonly RunSummary[] {
  const { subject } = useRoom();
  const ruleId = useBuilder((state) => state.ruleId);
  const items = useRuns(ruleId, enabled).data?.items ?? [];
  const wanted = ranFor(items, subject.table);
  return items.filter(({ id }) => wanted.includes(id));
}

/** A run that a change set off is gone back to as that change; another's record is shown as the run saw it. */
export function useChooseRun(): (runId: number) => Promise<string> {
  const store = useBuilderStore();
  const { subject } = useRoom();
  const read = useReadRun();
  const chooseChange = useChooseChange();
  return async (runId) => {
    const { event, record_key, record_label } = await read(runId);
    if (event.log === subject.connectionId && event.id > 0) return chooseChange(event.id);
    const label = recordName({ record_key, label: record_label });
    const record = event.after ?? event.before;
    const { op, shown } = store.getState().testing;
    store.setState({
      testing: {
        ...NO_TEST,
        op,
        shown,
        key: event.key,
        label,
        record: isObject(record) ? record : null,
      },
    });
    return label;
  };
}
