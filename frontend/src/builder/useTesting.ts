/** Tests the open draft on a record whenever the draft, the record or a what-if value changes. Nothing is performed. */
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useRecords, useTestDraft } from '../api/builder';
import { useConnections } from '../api/connections';
import type { Subject } from '../canvas/useTables';
import { isObject, textsAt } from '../model/json';
import { paint } from '../model/paint';
import { revealing } from './attend';
import { triggerOf } from './fields';
import { recordName } from './lamps/choose';
import { testRecordOf } from './lamps/testRecord';
import { type BuilderStore, currentDocument, type Testing } from './store';

const QUIET_MS = 350;

export function opsOf(store: BuilderStore): Testing['op'][] {
  const events = textsAt(triggerOf(store.getState().history.present), 'events');
  const known: readonly Testing['op'][] = ['insert', 'update', 'delete'];
  const listed = known.filter((op) => events.includes(op));
  return listed.length === 0 ? ['update'] : listed;
}

/** What happens to the record in the test: as chosen, as long as the rule's start listens to it. */
export function opOf(store: BuilderStore): Testing['op'] {
  const ops = opsOf(store);
  const { op, moment } = store.getState().testing;
  if (moment) return moment.op;
  return ops.includes(op) ? op : (ops[0] ?? 'update');
}

/**
 * Chooses the record asked for, else the newest, by itself, so that lamps and previews have something to show. Answers
 * whether the records are still being read.
 */
export function useSampleRecord(store: BuilderStore, subject: Subject, wanted: string | null): boolean {
  const connections = useConnections();
  const records = useRecords(subject.connectionId, subject.table, wanted ?? '');
  const items = records.data?.items ?? [];
  const first = items.find((one) => one.record_key === wanted) ?? items[0];
  const { table } = subject;
  useEffect(() => {
    const { testing } = store.getState();
    if (!first || testing.key !== null || !isObject(first.record)) return;
    store.setState({
      testing: {
        ...testing,
        key: first.key,
        label: recordName(first),
        record: first.record,
      },
    });
  }, [store, first]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a record of another table is no sample of this one
  useEffect(() => {
    const { testing } = store.getState();
    if (testing.key !== null)
      store.setState({
        testing: {
          ...testing,
          key: null,
          label: '',
          record: null,
          result: null,
          after: {},
          before: {},
          related: {},
          read: {},
          at: null,
          moment: null,
        },
      });
  }, [store, table]);
  return table !== '' && (subject.connectionId === null ? connections.isPending : records.isPending);
}

/** `reading`: a record to test on may come in a moment; asked without one the server would refuse. */
export function useTestRuns(store: BuilderStore, subject: Subject, reading: boolean) {
  const test = useTestDraft();
  const readingNow = useRef(reading);
  readingNow.current = reading;
  const { mutate } = test;
  const run = useDebouncedCallback(() => {
    const { testing, history } = store.getState();
    if (!testing.shown) return;
    const opened = history.present;
    const op = opOf(store);
    const record = testRecordOf(testing, subject, op);
    if (record === null && readingNow.current) return;
    mutate(
      { document: currentDocument(store), record, failing: testing.failing, answers: testing.answers },
      {
        onSuccess: (result) => {
          const now = store.getState();
          if (!now.testing.shown || now.history.present !== opened) return;
          const painting = now.testing.moment ? now.painting : paint(opened, result.trace);
          store.setState({ testing: { ...now.testing, result, refused: null }, painting });
        },
        onError: (refused) => {
          const now = store.getState();
          if (!now.testing.shown || now.history.present !== opened) return;
          store.setState({ testing: { ...now.testing, result: null, refused } });
        },
      },
    );
  }, QUIET_MS);

  useEffect(
    () =>
      store.subscribe((now, before) => {
        if (!now.testing.shown) {
          if (before.testing.shown) store.setState({ painting: null });
          return;
        }
        const changed =
          now.history.present !== before.history.present ||
          !before.testing.shown ||
          now.testing.key !== before.testing.key ||
          now.testing.moment !== before.testing.moment ||
          now.testing.op !== before.testing.op ||
          now.testing.after !== before.testing.after ||
          now.testing.before !== before.testing.before ||
          now.testing.related !== before.testing.related ||
          now.testing.failing !== before.testing.failing ||
          now.testing.answers !== before.testing.answers ||
          now.testing.at !== before.testing.at;
        if (changed) run();
      }),
    [store, run],
  );
  // There is none: that is said. Where one came, its choice has asked already.
  useEffect(() => {
    if (!reading && store.getState().testing.key === null) run();
  }, [store, reading, run]);
  return test;
}

export function showTest(store: BuilderStore, shown: boolean): void {
  const { testing } = store.getState();
  store.setState({
    testing: { ...testing, shown, result: shown ? testing.result : null, refused: null },
    ...(shown ? { tab: 'test' as const, ...revealing(store) } : { painting: null }),
  });
}
