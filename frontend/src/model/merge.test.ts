// @vitest-environment node
import { expect, test } from 'vitest';
import { align } from './align';
import { open } from './graph';
import type { JSONValue } from './json';
import { jsonDiff } from './lineDiff';
import { merge } from './merge';
import { shapeOf } from './rule';

const KINDS: Readonly<Record<string, string>> = { t: 'trigger', c: 'condition', d: 'condition' };

function rule(...edges: string[]) {
  const read = edges.map((edge) => edge.split(' '));
  const ids = [...new Set(['t', ...read.flatMap(([from = '', to = '']) => [from, to])])];
  const nodes: JSONValue[] = ids.map((id) => ({ id, kind: KINDS[id] ?? 'action', do: 'notify', fields: {} }));
  return open({ nodes, edges: read });
}

function shape(old: ReturnType<typeof rule>, now: ReturnType<typeof rule>): string {
  const { opened } = merge(old, now);
  return opened.kind === 'rule' ? shapeOf(opened).replaceAll(':action', '') : opened.kind;
}

test('what went stands where it stood, as a ghost', () => {
  expect(shape(rule('t a', 'a b', 'b e'), rule('t a', 'a e'))).toBe('t>a,b,e');
  expect(shape(rule('t a', 'a b'), rule('t b'))).toBe('t>a,b');
  expect(shape(rule('t c', 'c a yes', 'c b no'), rule('t c', 'c a yes'))).toBe('t>c(a|b)');
});

test('a condition that went keeps its sides only as far as they went with it', () => {
  const old = rule('t c', 'c a yes', 'c b no');
  expect(shape(old, rule('t a'))).toBe('t>c(|b),a');
  expect([...merge(old, rule('t a')).ghosts]).toEqual(['c', 'b']);
});

test('a step that moved is no ghost', () => {
  expect(shape(rule('t a', 'a b'), rule('t b', 'b a'))).toBe('t>b,a');
});

test('a rule whose ways cross is merged, too', () => {
  const crossing = rule('t c', 'c a yes', 'c d no', 'd a yes', 'd b no', 'a e', 'b e', 'a2 e');
  const { opened, ghosts } = merge(crossing, rule('t a'));
  expect(opened.kind).toBe('free');
  expect([...ghosts].sort()).toEqual(['a2', 'b', 'c', 'd', 'e']);
});

test('two lists are aligned by their longest common part', () => {
  const told = align([...'abcd'], [...'axcde'], (one) => one).map(({ kind, item }) => `${kind} ${item}`);
  expect(told).toEqual(['same a', 'old b', 'new x', 'same c', 'same d', 'new e']);
  expect(align([], [...'ab'], (one) => one)).toHaveLength(2);
  expect(align([...'ab'], [...'ab'], (one) => one).every((one) => one.kind === 'same')).toBe(true);
});

test('JSON is compared by lines, what is far from a change is folded', () => {
  const long = Array.from({ length: 30 }, (_, index) => index);
  expect(jsonDiff({ a: 1, long }, { a: 2, long })).toEqual([
    { kind: 'same', text: '{' },
    { kind: 'old', text: '  "a": 1,' },
    { kind: 'new', text: '  "a": 2,' },
    { kind: 'same', text: '  "long": [' },
    { kind: 'same', text: '    0,' },
    { kind: 'same', text: '    1,' },
    { kind: 'folded', count: 30 },
  ]);
  expect(jsonDiff({ a: 1 }, { a: 1 })).toEqual([{ kind: 'folded', count: 3 }]);
});

test('an If that came, and a step that moved into it, while another went', () => {
  expect(shape(rule('t a', 'a b'), rule('t c', 'c b yes'))).toBe('t>a,c(b|)');
});

test('lists that are too long to be compared in pairs are told as all old, then all new', () => {
  const old = Array.from({ length: 2_001 }, (_, index) => `o${index}`);
  const now = Array.from({ length: 2_001 }, (_, index) => `n${index}`);
  const kinds = align(['x', ...old], ['x', ...now], (one) => one).map(({ kind }) => kind);
  expect([kinds.indexOf('old'), kinds.indexOf('new'), kinds.length]).toEqual([1, 2_002, 4_003]);
});

test('what is left of either list at its end is told', () => {
  const told = align([...'abx'], [...'cx'], (one) => one).map(({ kind, item }) => `${kind} ${item}`);
  expect(told).toEqual(['old a', 'old b', 'new c', 'same x']);
  expect(align([...'ab'], [], (one) => one)).toHaveLength(2);
});
