import { expect, test } from 'vitest';
import { actionsBefore } from './before';
import { open } from './graph';
import type { JSONValue } from './json';

function ids(edges: readonly (readonly string[])[], at: string, off = ''): string {
  const names = [...new Set(edges.flatMap(([from = '', to = '']) => [from, to]))];
  const kinds: Record<string, string> = { t: 'trigger', c: 'condition', d: 'condition', w: 'wait', e: 'end' };
  const nodes: JSONValue[] = names.map((id) => ({
    id,
    kind: kinds[id] ?? 'action',
    ...(id === off ? { off: true } : {}),
  }));
  return actionsBefore(open({ nodes, edges }), at)
    .map((node) => node.id)
    .join('');
}

const ROW = [
  ['t', 'a'],
  ['a', 'w'],
  ['w', 'b'],
  ['b', 'x'],
];
const SPLIT = [
  ['t', 'a'],
  ['a', 'c'],
  ['c', 'b', 'yes'],
  ['c', 'x', 'no'],
  ['b', 'y'],
  ['x', 'y'],
];

test('in a row, all actions before it, not waits and not itself', () => expect(ids(ROW, 'x')).toBe('ab'));
test('nothing is before the first step or the start', () => expect(ids(ROW, 'a') + ids(ROW, 't')).toBe(''));
test('a step that is off does nothing', () => expect(ids(ROW, 'x', 'a')).toBe('b'));
test('in a branch, those of that branch only', () => {
  expect(ids([...SPLIT, ['b', 'z']], 'x')).toBe('a');
  expect(
    ids(
      [
        ['t', 'c'],
        ['c', 'b', 'yes'],
        ['b', 'x'],
        ['c', 'y', 'no'],
      ],
      'x',
    ),
  ).toBe('b');
});
test('after branches that rejoin, none of either', () => expect(ids(SPLIT, 'y')).toBe('a'));
test('after a branch that ends, those of the other one', () =>
  expect(
    ids(
      [
        ['t', 'c'],
        ['c', 'e', 'no'],
        ['c', 'b', 'yes'],
        ['b', 'x'],
      ],
      'x',
    ),
  ).toBe('b'));
test('in a graph whose branches cross, what all ways share', () =>
  expect(
    ids(
      [
        ['t', 'a'],
        ['a', 'c'],
        ['c', 'b', 'yes'],
        ['c', 'd', 'no'],
        ['d', 'b', 'yes'],
        ['d', 'x', 'no'],
        ['b', 'y'],
        ['x', 'y'],
      ],
      'b',
    ),
  ).toBe('a'));
test('a step that nothing leads to, or that is not there, has nothing before it', () => {
  expect(
    ids(
      [
        ['t', 'a'],
        ['b', 'x'],
      ],
      'x',
    ),
  ).toBe('');
  expect(ids(ROW, 'nobody')).toBe('');
});

test('a way back to the start, two starts and a step nobody knows', () => {
  const nodes = [
    { id: 't', kind: 'trigger' },
    { id: 'u', kind: 'trigger' },
    { id: 'x', kind: 'action' },
    { id: 'y', kind: 'action' },
    { id: 'z', kind: 'action' },
  ];
  const opened = open({
    nodes,
    edges: [
      ['t', 'x'],
      ['x', 'y'],
      ['y', 't'],
      ['u', 'z'],
      ['x', 'z'],
    ],
  });
  const before = (id: string) => actionsBefore(opened, id).map((node) => node.id);
  expect([before('y'), before('z'), before('gone')]).toEqual([['x'], [], []]);
  expect(before('y')).toEqual(['x']);
});
