import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JSONObject } from './json';
import { shownFields, unshown } from './shown';

const doing = (kind: string, fields: JSONObject) => ({ id: 'a', kind: 'action', do: kind, fields });

/** The fields of every action as `docs/rule-format.md` has them, which is made of core/action_fields.py. */
function documented(): ReadonlyMap<string, readonly string[]> {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/rule-format.md'), 'utf8');
  const [, actions = ''] = page.split('## Actions and operators');
  const parts = actions.split(/^### /m).flatMap((part) => (part.startsWith('`') ? [part.slice(1)] : []));
  return new Map(
    parts.map((part) => [
      part.slice(0, part.indexOf('`')),
      [...part.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1] ?? ''),
    ]),
  );
}

/** Set in JSON alone; the form says that they are. */
const IN_JSON: Readonly<Record<string, readonly string[]>> = {
  update_record: ['connection', 'table', 'key'],
  assign: ['connection', 'table', 'key'],
};

test('every field of every action is in its form, or known to be set in JSON', () => {
  const actions = documented();
  expect(actions.size).toBeGreaterThan(12);
  for (const [kind, fields] of actions)
    expect([...shownFields(kind), ...(IN_JSON[kind] ?? [])].toSorted(), kind).toEqual(fields.toSorted());
});

test('what the form does not show is told', () => {
  expect(unshown(doing('assign', { people: [], key: { id: 1 }, table: 'public.tasks' }))).toEqual([
    'key',
    'table',
  ]);
  expect(unshown(doing('notify', { title: 'Hi' }))).toEqual([]);
  expect(unshown(doing('made_up', { any: 1 }))).toEqual([]);
  expect(shownFields('made_up')).toEqual([]);
});

test('of a report its list or its search is shown, the other is told', () => {
  expect(unshown(doing('make_report', { title: 'A', where: true, limit: 5, rows: [] }))).toEqual(['rows']);
  expect(unshown(doing('make_report', { title: 'A', rows: [], limit: 5 }))).toEqual(['limit']);
});
