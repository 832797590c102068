/** Searches (find_record, find_records): what is sought, and how paths name the sought record. Pure. */
import { EMPTY, toLogic } from './condition';
import { isObject, type JSONObject, type JSONValue, objectAt, textAt } from './json';
import type { Words } from './wording';

/** The sought record inside a where: `record.status`, `record.owner_id.email`. */
export const SOUGHT = 'record.';

export const FINDS = ['find_record', 'find_records'] as const;

export function isFind(kind: string): boolean {
  return FINDS.some((one) => one === kind);
}

/** Does the action look for records by a where? A report does where its rows are no list. */
export function searches(kind: string, fields: JSONObject): boolean {
  return isFind(kind) || (kind === 'make_report' && 'where' in fields);
}

/** One empty row, as a new condition has. */
export const NEW_WHERE: JSONValue = { and: [toLogic(EMPTY)] };

/** What was asked of another table's columns cannot be asked of this one's. */
const BOUND = ['where', 'order', 'columns', 'totals'];

/** The search in another table. Where it took every record, it still does. */
export function lookedIn(fields: JSONObject, connection: string, table: string): JSONObject {
  const kept = Object.entries(fields).filter(([field]) => !BOUND.includes(field));
  const where = fields['where'] === true || NEW_WHERE;
  return { ...Object.fromEntries(kept), connection, table, where };
}

export const TOTALS = ['sum', 'average', 'min', 'max', 'count'] as const;
export type TotalKind = (typeof TOTALS)[number];
/** The totals that dates and times have, too: the first and the last one. */
export const isEnd = (kind: string): boolean => kind === 'min' || kind === 'max';
export const TEMPORAL: readonly string[] = ['date', 'time', 'timestamp'];
const NUMBERS: readonly string[] = ['integer', 'number'];

/** The columns of which there is such a total; of a kind that is not chosen yet those with numbers. */
export function columnsFor<C extends { readonly type: string }>(
  kind: TotalKind | '',
  columns: readonly C[],
): readonly C[] {
  if (kind === 'count') return columns;
  const types = isEnd(kind) ? [...NUMBERS, ...TEMPORAL] : NUMBERS;
  return columns.filter(({ type }) => types.includes(type));
}

/** `kind` and `column` are '' while they are not chosen. */
export type Total = { readonly name: string; readonly kind: TotalKind | ''; readonly column: string };

export function totalsOf(fields: JSONObject): readonly Total[] {
  return Object.entries(objectAt(fields, 'totals')).map(([name, total]) => {
    const made = isObject(total) ? total : {};
    const kind = TOTALS.find((one) => one in made) ?? '';
    return { name, kind, column: kind === '' ? '' : textAt(made, kind) };
  });
}

/** As it is written; undefined where there is none. Of two of one name the last one stays. */
export function totalsLogic(totals: readonly Total[]): JSONObject | undefined {
  if (totals.length === 0) return undefined;
  return Object.fromEntries(
    totals.map(({ name, kind, column }) => [name, { [kind === '' ? 'sum' : kind]: column }]),
  );
}

/** The first of `total`, `total2`, … that is free. */
export function freeTotal(totals: readonly Total[], start: string): string {
  const taken = new Set(totals.map((one) => one.name));
  let name = start;
  for (let number = 2; taken.has(name); number += 1) name = `${start} ${number}`;
  return name;
}

/** The words for a where: fields of the sought record are those of `table`, those of the rule’s own say whose they are. */
export function soughtWords(words: Words, table: string): Words {
  const of = (path: string | null, other = ''): string => (path?.startsWith(SOUGHT) ? table : other);
  return {
    ...words,
    field: (path, other) => {
      const name = words.field(path, of(path, other));
      return path.startsWith('after.')
        ? words.phrase(words.sent ? 'field.sent' : 'field.own').replace('{field}', name)
        : name;
    },
    value: (value, path, other) => words.value(value, path, of(path, other)),
  };
}
