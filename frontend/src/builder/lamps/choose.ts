/** Choosing the record that lamps, previews and the test are about. */
import type { SampleRecord } from '../../api/types';
import { isObject } from '../../model/json';
import { type BuilderStore, NO_TEST } from '../store';

const KEY = 'ruleyard.lamps';

export function recordName(one: { record_key: string; label: string }): string {
  return one.label === '' || one.label.includes(one.record_key)
    ? one.label || `#${one.record_key}`
    : `#${one.record_key} ${one.label}`;
}

/** Another record: what was tried by hand on the one before is forgotten. */
export function chooseRecord(store: BuilderStore, one: SampleRecord): void {
  if (!isObject(one.record)) return;
  const { op, shown, key } = store.getState().testing;
  if (JSON.stringify(key) === JSON.stringify(one.key)) return;
  store.setState({
    testing: { ...NO_TEST, op, shown, key: one.key, label: recordName(one), record: one.record },
  });
}

export function lampsWanted(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function showLamps(store: BuilderStore, lamps: boolean): void {
  store.setState({ lamps });
  try {
    if (lamps) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'off');
  } catch {
    // Private windows may refuse storage: the choice then lasts until the page closes.
  }
}
