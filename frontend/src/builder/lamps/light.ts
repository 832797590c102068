/** Whether a condition, or a part of it, holds for what is seen of a record. Pure: a light is a value with its reason. */
import {
  arity,
  type Comparison,
  type Condition,
  type Group,
  NO_FIELD,
  pathsIn,
  toLogic,
} from '../../model/condition';
import { isObject, type JSONObject, type JSONValue } from '../../model/json';
import { toTree } from '../../model/recognise';
import { todayOf, variable } from '../../model/today';
import { evaluateLogic } from '../evaluate';

/** Why it cannot be known. `relatedThen`: what a related record held at that time is kept by nobody. */
export type Why = 'related' | 'relatedThen' | 'step' | 'missing' | 'cut' | 'incomplete';
export type Light =
  | { readonly kind: 'true' | 'false' }
  | { readonly kind: 'unknown'; readonly why: Why; readonly path: string }
  | { readonly kind: 'error'; readonly reason: string; readonly message: string };

/** What an expression would see, and what of it is not whole. */
export type Sight = {
  readonly data: JSONObject;
  /** Columns whose stored values were shortened. */
  readonly cut: readonly string[];
  /** A stored change is looked at, not the record as it is. */
  readonly past: boolean;
};

/** Why the value under this path is not known; null where it is. */
export function hiddenBy(sight: Sight, path: string): Why | null {
  const [root = '', name = '', field = ''] = path.split('.');
  // What a wait will hear is as little known as what a step will answer.
  if (root === 'steps' || root === 'received') return 'step';
  if (root === 'related') {
    const records = sight.data['related'];
    const record = isObject(records) ? records[name] : undefined;
    if (record === null || (isObject(record) && field in record)) return null;
    return sight.past ? 'relatedThen' : 'related';
  }
  if (root !== 'before' && root !== 'after') return null;
  const record = sight.data[root];
  if (!isObject(record)) return null;
  if (!(name in record)) return 'missing';
  return sight.cut.includes(name) ? 'cut' : null;
}

/** What the record holds under a path. */
export function valueAt(data: JSONObject, path: string): JSONValue | undefined {
  if (todayOf(path)) {
    const outcome = evaluateLogic(variable(path), data);
    return outcome.kind === 'value' ? outcome.value : undefined;
  }
  let at: JSONValue | undefined = data;
  for (const key of path.split('.')) at = isObject(at) ? at[key] : undefined;
  return at;
}

function isComplete(row: Comparison): boolean {
  return (
    row.field !== null &&
    row.args.length >= arity(row.op) &&
    row.args.every((term) => term.kind !== 'field' || term.path !== NO_FIELD)
  );
}

function evaluated(logic: JSONValue, sight: Sight): Light {
  for (const path of pathsIn(logic)) {
    const why = hiddenBy(sight, path);
    if (why !== null) return { kind: 'unknown', why, path };
  }
  const outcome = evaluateLogic(logic, sight.data);
  if (outcome.kind === 'error') return outcome;
  return { kind: outcome.truthy ? 'true' : 'false' };
}

/** A part that cannot be known leaves the whole open, unless another part decides it. */
function joined(group: Group, lights: readonly Light[]): Light {
  const negated = group.mode === 'none' || group.mode === 'notall';
  const decides = group.mode === 'all' || group.mode === 'notall' ? 'false' : 'true';
  if (lights.some((light) => light.kind === decides)) {
    return { kind: (decides === 'true') !== negated ? 'true' : 'false' };
  }
  return lights.find((light) => light.kind === 'unknown') ?? { kind: 'true' };
}

export function lightOf(condition: Condition, sight: Sight): Light {
  if (condition.kind === 'comparison' && !isComplete(condition)) {
    return { kind: 'unknown', why: 'incomplete', path: condition.field ?? '' };
  }
  if (condition.kind === 'group') {
    const lights = condition.items.map((item) => lightOf(item, sight));
    if (lights.some((light) => light.kind === 'unknown')) return joined(condition, lights);
  }
  return evaluated(toLogic(condition), sight);
}

const known = new WeakMap<Sight, WeakMap<object, Light>>();

/** The light of a step's condition: looked up again as long as neither the condition nor the record changed. */
export function lightOfLogic(logic: JSONValue, sight: Sight): Light {
  if (typeof logic !== 'object' || logic === null) return lightOf(toTree(logic), sight);
  const lights = known.get(sight) ?? new WeakMap<object, Light>();
  known.set(sight, lights);
  const found = lights.get(logic) ?? lightOf(toTree(logic), sight);
  lights.set(logic, found);
  return found;
}
