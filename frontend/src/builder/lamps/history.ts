/** A record's stored changes as moments that the builder can go back to. Pure. */
import type { ChangeEvent } from '../../api/types';
import type { Opened } from '../../model/graph';
import { isObject, type JSONObject, type JSONValue } from '../../model/json';
import type { Words } from '../../model/wording';
import { triggerOf } from '../fields';
import { type Moment, momentSight } from './sight';
import { type Ending, type Start, startOf, type Walk, walk } from './walk';

const record = (value: unknown): JSONObject | null => (isObject(value) ? value : null);

/** Oldest first; what is no change of a record (a table was emptied) is left out. */
export function momentsOf(newestFirst: readonly ChangeEvent[]): readonly Moment[] {
  return newestFirst
    .flatMap((event): Moment[] =>
      event.op === 'insert' || event.op === 'update' || event.op === 'delete'
        ? [
            {
              id: event.id,
              at: event.at,
              op: event.op,
              before: record(event.before),
              after: record(event.after),
              changed: event.changed,
              actor: event.cause ? null : event.actor,
              cut: event.cut_columns,
            },
          ]
        : [],
    )
    .reverse();
}

export type Verdict = { readonly start: Start; readonly ending: Ending; readonly trace: Walk };

const STILL: Walk = { outcome: 'unmatched', steps: [] };

/** What the open rule would have made of a stored change. */
export function verdictOf(opened: Opened, moment: Moment): Verdict {
  const start = startOf(triggerOf(opened), moment);
  if (start !== 'starts') return { start, ending: 'nothing', trace: STILL };
  return { start, ...walk(opened, momentSight(moment)) };
}

/** A key under `lamps.history.verdict`. */
export function verdictKey({ start, ending }: Verdict): string {
  return start === 'starts' ? ending : start;
}

export type Difference = { readonly field: string; readonly was: string; readonly is: string };

/** What an update changed, in words. */
export function differencesOf(moment: Moment, words: Pick<Words, 'field' | 'value'>): readonly Difference[] {
  const { before, after } = moment;
  if (moment.op !== 'update' || before === null || after === null) return [];
  const say = (value: JSONValue | undefined, path: string): string =>
    value === undefined ? '–' : words.value(value, path);
  return moment.changed.map((name) => ({
    field: words.field(`after.${name}`),
    was: say(before[name], `after.${name}`),
    is: say(after[name], `after.${name}`),
  }));
}
