import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rule as anyRule } from '../model/arbitrary';
import { open } from '../model/graph';
import type { JSONValue } from '../model/json';
import { stepIds } from '../model/rule';
import { CARD } from './drawing';
import { layoutFree } from './layeredLayout';
import { paint } from './paint';
import { layoutTree } from './treeLayout';

const overlap = (cards: readonly { x: number; y: number }[]): boolean =>
  cards.some((a, i) =>
    cards.slice(i + 1).some((b) => Math.abs(a.x - b.x) < CARD.width && Math.abs(a.y - b.y) < CARD.height),
  );

test('every step has a card, every line a slot, and no two cards overlap', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      const drawing = layoutTree(rule);
      expect(drawing.cards.map((card) => card.id).sort()).toEqual([...stepIds(rule)].sort());
      expect(drawing.lines.map((line) => line.id).sort()).toEqual(
        drawing.slots.map((slot) => slot.name).sort(),
      );
      expect(overlap(drawing.cards)).toBe(false);
    }),
  );
});

function opened(nodes: JSONValue[], edges: JSONValue[]) {
  return open({ nodes: [{ id: 't', kind: 'trigger', on: 'manual' }, ...nodes], edges });
}
const c = (id: string) => ({ id, kind: 'condition', logic: true });
const a = (id: string) => ({ id, kind: 'action', do: 'notify', fields: {} });

test('a graph that crosses, or goes in a circle, is drawn without overlaps', () => {
  for (const edges of [
    [
      ['t', 'i'],
      ['i', 'k', 'yes'],
      ['i', 'y', 'no'],
      ['k', 'y', 'yes'],
      ['k', 'x', 'no'],
    ],
    [
      ['t', 'x'],
      ['x', 'y'],
      ['y', 'x'],
    ],
  ]) {
    const free = opened([c('i'), c('k'), a('x'), a('y')], edges);
    if (free.kind !== 'free') throw new Error('not free');
    const drawing = layoutFree(free);
    expect(drawing.cards.length).toBe(5);
    expect(overlap(drawing.cards)).toBe(false);
  }
});

describe('painting', () => {
  const rule = opened(
    [c('i'), a('x'), a('y'), a('z')],
    [
      ['t', 'i'],
      ['i', 'x', 'yes'],
      ['i', 'y', 'no'],
      ['x', 'z'],
      ['y', 'z'],
    ],
  );
  const t = { node: 't', state: 'succeeded' } as const;
  const yes = { node: 'i', state: 'succeeded', branch: 'yes' } as const;
  test('the taken path is solid to the end, the other way is off', () => {
    const painted = paint(rule, {
      outcome: 'succeeded',
      steps: [t, yes, { node: 'x', state: 'succeeded' }, { node: 'z', state: 'succeeded' }],
    });
    expect(Object.fromEntries(painted.steps)).toEqual({
      t: 'done',
      i: 'done',
      x: 'done',
      y: 'off',
      z: 'done',
    });
    expect([...painted.taken].sort()).toEqual([
      'i:yes:0',
      'i:yes:1',
      'root:main:0',
      'root:main:1',
      'root:main:2',
    ]);
  });
  test('after a failure nothing is taken, and what would have come is missed', () => {
    const painted = paint(rule, { outcome: 'failed', steps: [t, yes, { node: 'x', state: 'failed' }] });
    expect(Object.fromEntries(painted.steps)).toEqual({
      t: 'done',
      i: 'done',
      x: 'failed',
      y: 'off',
      z: 'missed',
    });
    expect([...painted.taken].sort()).toEqual(['i:yes:0', 'root:main:0']);
  });
});
