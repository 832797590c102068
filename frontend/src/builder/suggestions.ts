/** Values to suggest for a text column that holds only few different ones. Pure. */
import type { JSONValue } from '../model/json';

const FEWEST_RECORDS = 4;
const MOST_VALUES = 12;
const PERSON = /mail|owner|user|agent|assignee|manager|author|created_by|updated_by/i;

/** The values of a column in sample records, the most frequent first; none where nearly every record has its own. */
export function commonValues(values: readonly (JSONValue | undefined)[]): readonly string[] {
  const counts = new Map<string, number>();
  let seen = 0;
  for (const value of values) {
    if (typeof value !== 'string' || value === '') continue;
    seen += 1;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (seen < FEWEST_RECORDS || counts.size > MOST_VALUES || counts.size > seen / 2) return [];
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([value]) => value);
}

/** Whether a column seems to hold somebody's address or name. */
export function namesPerson(column: string): boolean {
  return PERSON.test(column);
}
