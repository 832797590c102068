/** Undo: snapshots, merged only while the same thing is being typed. Pure; the time is an argument. */

const LIMIT = 100;
const MERGE_MS = 1000;

export type History<T> = {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  readonly open: { readonly key: string; readonly at: number } | null;
};

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], open: null };
}

/** A new present. The same `coalesceKey` again within a second belongs to the same undo step. */
export function record<T>(
  history: History<T>,
  present: T,
  at: number,
  coalesceKey: string | null = null,
): History<T> {
  if (Object.is(present, history.present)) return history;
  const merges =
    coalesceKey !== null && history.open?.key === coalesceKey && at - history.open.at <= MERGE_MS;
  return {
    past: merges ? history.past : [...history.past, history.present].slice(-LIMIT),
    present,
    future: [],
    open: coalesceKey === null ? null : { key: coalesceKey, at },
  };
}

/** Ends the group that is being typed (on blur). */
export function close<T>(history: History<T>): History<T> {
  return history.open === null ? history : { ...history, open: null };
}

export function undo<T>(history: History<T>): History<T> {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present,
    future: [history.present, ...history.future],
    open: null,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future, open: null };
}
