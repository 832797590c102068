/** What the lamps and previews look at: the chosen record with its what-if values, or one stored change of it. */
import { isObject, type JSONObject } from '../../model/json';
import type { Testing } from '../store';
import type { Sight } from './light';

/** A stored change of the record, as the event log kept it. */
export type Moment = {
  readonly id: number;
  readonly at: string;
  readonly op: Testing['op'];
  readonly before: JSONObject | null;
  readonly after: JSONObject | null;
  readonly changed: readonly string[];
  readonly actor: string | null;
  readonly cut: readonly string[];
};

/** As read for the lamps, or by a test since; what is put in by hand counts at once. */
function relatedOf(testing: Testing): JSONObject {
  const tried: Readonly<Record<string, unknown>> = testing.result?.data.related?.records ?? {};
  const keys = new Set([
    ...Object.keys(testing.read),
    ...Object.keys(tried),
    ...Object.keys(testing.related),
  ]);
  return Object.fromEntries(
    [...keys].map((key) => {
      const newer = key in tried ? tried[key] : {};
      const given = testing.related[key];
      const gone = newer === null || (testing.read[key] === null && !(key in tried));
      if (gone && !given) return [key, null];
      return [key, { ...testing.read[key], ...(isObject(newer) ? newer : {}), ...given }];
    }),
  );
}

export function changedBetween(before: JSONObject | null, after: JSONObject | null): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name])).sort();
}

function now(testing: Testing, record: JSONObject): Sight {
  const full = { ...record, ...testing.after };
  const after = testing.op === 'delete' ? null : full;
  const before = testing.op === 'insert' ? null : { ...full, ...testing.before };
  const at = testing.at ?? new Date().toISOString();
  return {
    data: {
      before,
      after,
      changed: changedBetween(before, after),
      related: relatedOf(testing),
      event: { op: testing.op, at },
      steps: {},
      now: at,
    },
    cut: [],
    past: false,
  };
}

const stored = new WeakMap<Moment, Sight>();

/** What the rule would have seen at a stored change. */
export function momentSight(moment: Moment): Sight {
  const known = stored.get(moment) ?? then(moment);
  stored.set(moment, known);
  return known;
}

function then(moment: Moment): Sight {
  const { before, after, changed, op, at, actor, cut } = moment;
  return {
    data: { before, after, changed, related: {}, event: { op, at, actor }, steps: {}, now: at },
    cut,
    past: true,
  };
}

const seen = new WeakMap<Testing, Sight>();

/** Null without a record. The same for the same choice, so that who looks at it is drawn anew only when it changes. */
export function sightOf(testing: Testing): Sight | null {
  if (testing.moment) return momentSight(testing.moment);
  const known = seen.get(testing);
  if (known) return known;
  const sight = testing.record ? now(testing, testing.record) : null;
  if (sight) seen.set(testing, sight);
  return sight;
}
