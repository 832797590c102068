/** Whether one part of a condition holds for the test record, by the browser's own evaluator. */
import { pathsIn } from '../model/condition';
import type { JSONObject, JSONValue } from '../model/json';
import { isObject } from '../model/json';
import { evaluateLogic } from './evaluate';
import type { Testing } from './store';

export type Lamp = 'true' | 'false' | 'error';

/** The data that an expression sees for the record and the what-if values chosen; null without a record. */
export function testData(testing: Testing): JSONObject | null {
  const { result } = testing;
  if (result)
    return { ...asData(result.data), event: { op: testing.op }, steps: {}, now: new Date().toISOString() };
  if (!testing.record) return null;
  const after = { ...testing.record, ...testing.after };
  return {
    after,
    before: { ...after, ...testing.before },
    changed: [],
    event: { op: testing.op },
    steps: {},
    now: new Date().toISOString(),
  };
}

function asData(data: {
  before: unknown;
  after: unknown;
  changed: readonly string[];
  related?: { records: Readonly<Record<string, unknown>> } | null;
}): JSONObject {
  const related = Object.entries(data.related?.records ?? {}).map(([key, record]) => [
    key,
    isObject(record) ? record : null,
  ]);
  return {
    before: isObject(data.before) ? data.before : null,
    after: isObject(data.after) ? data.after : null,
    changed: data.changed,
    related: Object.fromEntries(related),
  };
}

/** Related records are known once the draft was tried, and only the fields that it read then. */
function read(data: JSONObject, path: string): boolean {
  const [root, key = '', field = ''] = path.split('.');
  if (root !== 'related') return true;
  const records = data['related'];
  const record = isObject(records) ? records[key] : undefined;
  return record === null || (isObject(record) && field in record);
}

export function lampOf(logic: JSONValue, data: JSONObject | null): Lamp | null {
  if (!data || !pathsIn(logic).every((path) => read(data, path))) return null;
  const outcome = evaluateLogic(logic, data);
  return outcome.kind === 'error' ? 'error' : outcome.truthy ? 'true' : 'false';
}

/** What the record holds under a path. */
export function valueAt(data: JSONObject | null, path: string): JSONValue | undefined {
  let at: JSONValue | undefined = data ?? undefined;
  for (const key of path.split('.')) at = isObject(at) ? at[key] : undefined;
  return at;
}
