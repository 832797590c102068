// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rule as anyRule } from './arbitrary';
import { mend, parts, pointerTo, putAt, valueAt } from './fix';
import { documentOf, open, write } from './graph';
import { begin, record, redo, undo } from './history';
import { isJSON, isList, isObject, type JSONObject, type JSONValue, listAt, objectAt, textAt } from './json';

const VECTORS = join(import.meta.dirname, '../../../shared-schemas/vectors');

function casesOf(file: string): readonly JSONObject[] {
  const read: unknown = JSON.parse(readFileSync(join(VECTORS, file), 'utf8'));
  return isJSON(read) && isObject(read) ? listAt(read, 'cases').filter(isObject) : [];
}

const APPLY = casesOf('fixes/apply.json');
const CHECKED = casesOf('typecheck/check.json').flatMap((one) =>
  listAt(one, 'problems')
    .filter(isObject)
    .filter((problem) => 'fix' in problem)
    .map((problem) => ({
      name: textAt(one, 'name'),
      document: objectAt(one, 'document'),
      path: textAt(problem, 'fix_path') || textAt(problem, 'path'),
      value: problem['fix'] ?? null,
    })),
);

test.each(APPLY.map((one) => [textAt(one, 'name'), one] as const))('a fix is put in: %s', (_, one) => {
  const document = objectAt(one, 'document');
  const before = JSON.stringify(document);
  const fixes = listAt(one, 'fixes')
    .filter(isObject)
    .map((fix) => ({ path: textAt(fix, 'path'), value: fix['value'] ?? null }));
  expect(mend(document, document, fixes)).toEqual(one['mended']);
  expect(JSON.stringify(document)).toBe(before);
});

describe.each(CHECKED)('the fix of "$name" at $path', ({ document, path, value }) => {
  const mended = mend(document, document, [{ path, value }]);

  test('changes its place and nothing else', () => {
    if (mended === null) throw new Error('The fix changed nothing.');
    expect(valueAt(mended, path)).toEqual(value);
    const was = valueAt(document, path);
    if (was !== undefined) expect(putAt(mended, path, was)).toEqual(document);
  });

  test('is one edit that undo gives back', () => {
    if (mended === null) throw new Error('The fix changed nothing.');
    const opened = open(document);
    const history = record(begin(opened), open(mended), 1000);
    expect(documentOf(undo(history).present)).toEqual(documentOf(opened));
    expect(redo(undo(history)).present).toBe(history.present);
    expect(undo(undo(history))).toEqual(undo(history));
  });
});

test('a fix is not put where something else stands by now', () => {
  const checked = { nodes: [{ id: 'c', kind: 'condition', logic: 'calback' }] };
  const now = { nodes: [{ id: 'c', kind: 'condition', logic: 'call' }] };
  expect(mend(now, checked, [{ path: '/nodes/0/logic', value: 'callback' }])).toBeNull();
});

test('a fix follows its step to another place, and goes with it', () => {
  const c = { id: 'c', kind: 'condition', logic: 'calback' };
  const a = { id: 'a', kind: 'action' };
  const fix = { path: '/nodes/0/logic', value: 'callback' };
  expect(mend({ nodes: [a, c] }, { nodes: [c, a] }, [fix])).toEqual({
    nodes: [a, { ...c, logic: 'callback' }],
  });
  expect(mend({ nodes: [a] }, { nodes: [c, a] }, [fix])).toBeNull();
});

function placesIn(value: JSONValue, at: string): string[] {
  const inner = isList(value)
    ? value.flatMap((item, index) => placesIn(item, at + pointerTo(index)))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, item]) => placesIn(item, at + pointerTo(key)))
      : [];
  return [at, ...inner];
}

test('put somewhere and put back is the same rule, for any rule and any place', () => {
  fc.assert(
    fc.property(anyRule, fc.nat(), fc.jsonValue(), (rule, pick, made) => {
      const document = write(rule);
      const every = placesIn(document, '').slice(1);
      const path = every[pick % every.length] ?? '/nodes';
      const value: unknown = JSON.parse(JSON.stringify(made));
      if (!isJSON(value)) return;
      const put = putAt(document, path, value);
      const was = valueAt(document, path);
      expect(put).toBeDefined();
      expect(put === undefined || was === undefined ? null : putAt(put, path, was)).toEqual(document);
    }),
  );
});

test('a pointer that is written reads back', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (names) => {
      expect(parts(pointerTo(...names))).toEqual(names);
    }),
  );
});

test('nothing is found, or put, where a way ends', () => {
  const document = { nodes: [{ id: 'c' }], name: 'R' };
  for (const path of ['/nodes/x', '/nodes/7', '/name/x', '/gone/x', '/nodes/0/id/x', '/nodes/0/gone/x']) {
    expect(valueAt(document, path)).toBeUndefined();
    expect(putAt(document, path, 1)).toBeUndefined();
  }
});

test('a fix without a place to go changes nothing; of two for one place the first is put in', () => {
  const c = { id: 'c', kind: 'condition' };
  const document = { nodes: [c] };
  expect(mend(document, document, [{ path: '/nodes/0/logic/and/0', value: 1 }])).toBeNull();
  expect(mend(document, document, [{ path: '', value: 1 }])).toBeNull();
  const twice = [
    { path: '/nodes/0/logic', value: 1 },
    { path: '/nodes/0/logic', value: 2 },
  ];
  expect(mend(document, document, twice)).toEqual({ nodes: [{ ...c, logic: 1 }] });
  expect(mend({ nodes: 'none' }, { nodes: 'none' }, [{ path: '/nodes/0', value: 1 }])).toBeNull();
});
