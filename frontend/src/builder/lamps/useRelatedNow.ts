/** Reads the related records of the chosen record once, so that their lamps shine before anything is tested. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useTriedOnce } from '../../api/builder';
import { useMay } from '../../api/session';
import type { Subject } from '../../canvas/useTables';
import { isObject, type JSONObject } from '../../model/json';
import type { BuilderStore } from '../store';
import { keysLookedThrough, relatedDraft } from './relatedDraft';

export function useRelatedNow(store: BuilderStore, subject: Subject): void {
  const keys = useStore(store, (state) => keysLookedThrough(state.history.present).join(' '));
  // The record with the foreign keys that were put in by hand.
  const after = useStore(store, (state) => {
    const { record, after: given, key } = state.testing;
    if (record === null || key === null || !state.lamps) return '';
    return JSON.stringify([key, ...keys.split(' ').map((one) => [one, given[one] ?? record[one] ?? null])]);
  });
  const { connection, table, related } = subject;
  const known = related.filter((one) => keys.split(' ').includes(one.key));
  const may = useMay('editor');
  const tried = useTriedOnce(
    [connection, table, keys, after, String(known.length)],
    may && known.length > 0 && after !== '',
    () => {
      const { testing } = store.getState();
      return {
        document: relatedDraft(connection, table, related, keys.split(' ')),
        record: {
          connection,
          table,
          key: testing.key,
          op: 'update',
          after: { ...testing.record, ...testing.after },
          before: { ...testing.record, ...testing.after },
        },
      };
    },
  );
  const records = tried.data?.data.related?.records;
  useEffect(() => {
    if (!records) return;
    const read = Object.fromEntries(
      Object.entries(records).map(([key, one]): [string, JSONObject | null] => [
        key,
        isObject(one) ? one : null,
      ]),
    );
    store.setState((state) => ({ testing: { ...state.testing, read } }));
  }, [store, records]);
}
