/** How many of some records have nobody to write to, by the fields that an address is made of. */
import type { JSONValue } from '../model/json';
import { pieces, toTemplate } from '../model/template';

export type Unreachable = {
  readonly empty: number;
  readonly count: number;
  readonly fields: readonly string[];
};

const AFTER = 'after.';

const blank = (value: unknown): boolean =>
  value === null || (typeof value === 'string' && value.trim() === '');

/** The columns of the record whose values alone say who gets it; empty where an address is written out or comes from elsewhere. */
export function recipientFields(to: JSONValue | undefined): readonly string[] {
  const parts = pieces(toTemplate(to) ?? '');
  const columns = parts.flatMap((one) => (one.kind === 'field' ? [one.path] : []));
  const own = columns.every((path) => path.startsWith(AFTER) && !path.slice(AFTER.length).includes('.'));
  const written = parts.some((one) => one.kind === 'text' && /[^\s,;]/.test(one.text));
  return own && !written ? columns.map((path) => path.slice(AFTER.length)) : [];
}

/** Null where every record has somebody, or where that cannot be seen. */
export function unreachable(
  to: JSONValue | undefined,
  records: readonly Readonly<Record<string, unknown>>[],
): Unreachable | null {
  const fields = recipientFields(to);
  const seen = records.filter((record) => fields.every((field) => Object.hasOwn(record, field)));
  const empty = seen.filter((record) => fields.every((field) => blank(record[field]))).length;
  return fields.length === 0 || empty === 0 ? null : { empty, count: seen.length, fields };
}
