/** What counts as work that somebody has: a column and the values that it may hold, as `assign` has them. Pure. */
import { isList, isObject, type JSONObject, type JSONValue, without } from './json';

/** The values of one column: any of them will do. `empty`: a record without a value, too. */
export type Counted = { readonly values: readonly JSONValue[]; readonly empty: boolean };

/** Null where an expression says which. */
export function countedOf(value: JSONValue): Counted | null {
  const all = isList(value) ? value : [value];
  if (all.some((one) => isObject(one) || isList(one))) return null;
  return { values: all.filter((one) => one !== null), empty: all.includes(null) };
}

export function countedValue({ values, empty }: Counted): JSONValue {
  return empty ? [...values, null] : values;
}

/** Counting in that table ('': the one that is written), by its field `column` ('': the one that is written). */
export function countedIn(fields: JSONObject, table: string, column: string | null): JSONObject {
  const { count_table: _table, count_column: _column, count_where: _where, ...rest } = fields;
  return {
    ...rest,
    ...(table === '' ? {} : { count_table: table }),
    ...(column === null ? {} : { count_column: column }),
  };
}

/** With what is counted; all records where nothing is said. */
export function countingOnly(fields: JSONObject, where: JSONObject): JSONObject {
  return Object.keys(where).length === 0 ? without(fields, 'count_where') : { ...fields, count_where: where };
}
