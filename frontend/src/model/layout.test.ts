import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { free as anyFree, rule as anyRule } from './arbitrary';
import { CARD } from './drawing';
import { doorsIn, slotOf } from './free';
import { edgesOf, type Free, open } from './graph';
import type { JSONValue } from './json';
import { layoutFree } from './layeredLayout';
import { paint } from './paint';
import { slotName, stepIds } from './rule';
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

test('any other graph has a card for every step, a + for every way out, and no two cards overlap', () => {
  fc.assert(
    fc.property(anyFree, (free) => {
      const drawing = layoutFree(free);
      expect(drawing.cards.map((card) => card.id)).toEqual(free.nodes.map((node) => node.id));
      expect(drawing.slots.map((slot) => slot.name)).toEqual(
        free.nodes.flatMap((node) => doorsIn(free, node)).map((door) => slotName(slotOf(door))),
      );
      expect(drawing.lines.length).toBe(drawing.slots.length);
      expect(overlap(drawing.cards)).toBe(false);
      expect(drawing.lines.every((line) => !/NaN|undefined/.test(line.d))).toBe(true);
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

/** A line goes down when every place that its pen comes to is at least as low as the one before. */
const falls = (d: string): boolean => {
  const ys = [...d.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map((match) => Number(match[2]));
  return ys.every((y, index) => index === 0 || y >= (ys[index - 1] ?? y)) && (ys.at(-1) ?? 0) > (ys[0] ?? 0);
};

test('in a tree every line goes down, and Yes is left of No', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      const drawing = layoutTree(rule);
      expect(drawing.lines.filter((line) => !falls(line.d))).toEqual([]);
      const x = new Map(drawing.pills.map((pill) => [`${pill.step} ${pill.branch}`, pill.x]));
      for (const { step, branch } of drawing.pills)
        if (branch === 'yes') expect(x.get(`${step} yes`)).toBeLessThan(x.get(`${step} no`) ?? 0);
      const places = drawing.cards.flatMap((card) => [card.x, card.x + CARD.width]);
      expect(Math.min(...places)).toBeGreaterThanOrEqual(drawing.left);
      expect(Math.max(...places)).toBeLessThanOrEqual(drawing.right);
    }),
  );
});

/** Any graph without circles: every way leads to a step with a larger number. */
const anyGraph = fc
  .tuple(
    fc.integer({ min: 2, max: 14 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(2)), { maxLength: 24 }),
  )
  .map(([count, ways]) => {
    const nodes = Array.from({ length: count }, (_, index) => ({
      id: `s${index}`,
      kind: index === 0 ? 'trigger' : 'condition',
    }));
    const edges = ways.map(([from, to, branch]) => {
      const source = from % (count - 1);
      const target = source + 1 + (to % (count - source - 1));
      return [`s${source}`, `s${target}`, ...(branch === 0 ? [] : [branch === 1 ? 'yes' : 'no'])];
    });
    return { nodes, edges };
  });

test('any graph is drawn without overlaps, and every way goes down', () => {
  fc.assert(
    fc.property(anyGraph, (document) => {
      const free: Free = {
        kind: 'free',
        document,
        nodes: document.nodes,
        edges: edgesOf(openFree(document)),
        why: 'crossing',
      };
      const drawing = layoutFree(free);
      expect(overlap(drawing.cards)).toBe(false);
      expect(drawing.cards).toHaveLength(document.nodes.length);
      const y = new Map(drawing.cards.map((card) => [card.id, card.y]));
      for (const { source, target } of free.edges) expect(y.get(target)).toBeGreaterThan(y.get(source) ?? 0);
      expect(drawing.lines.filter((line) => !falls(line.d))).toEqual([]);
    }),
  );
});

/** A graph with two starts is never a tree. */
function openFree({ nodes, edges }: { nodes: JSONValue[]; edges: JSONValue[] }) {
  return open({ nodes: [...nodes, { id: 'z', kind: 'trigger' }], edges });
}

test('of a condition alone on its way, Yes begins left of No; ways to nowhere are short', () => {
  const free = opened(
    [c('i'), a('x'), a('y')],
    [
      ['t', 'i'],
      ['i', 'y', 'no'],
      ['i', 'x', 'yes'],
      ['i', 'gone', 'yes'],
    ],
  );
  if (free.kind !== 'free') throw new Error('not free');
  const drawing = layoutFree(free);
  expect(drawing.pills.map((pill) => pill.branch)).toEqual(['yes', 'no']);
  expect(drawing.pills[0]?.x).toBeLessThan(drawing.pills[1]?.x ?? 0);
  const x = new Map(drawing.cards.map((card) => [card.id, card.x]));
  expect(x.get('x')).toBeLessThan(x.get('y') ?? 0);
  expect(drawing.lines.map((line) => line.id)).toEqual(['t>i', 'i>x:yes', 'i>y:no', 'x>', 'y>']);
});

test('a graph without steps is an empty drawing', () => {
  expect(layoutFree({ kind: 'free', document: {}, nodes: [], edges: [], why: 'unreadable' })).toMatchObject({
    cards: [],
    bottom: 0,
  });
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

  test('a run that waits has come to its step and no further', () => {
    const painted = paint(rule, { outcome: 'waiting', steps: [t, yes, { node: 'x', state: 'waiting' }] });
    expect(Object.fromEntries(painted.steps)).toEqual({
      t: 'done',
      i: 'done',
      x: 'waiting',
      y: 'off',
      z: 'off',
    });
    expect(painted.ended).toBe(false);
  });
  test('what was left out is passed by', () => {
    const skipped = paint(rule, {
      outcome: 'succeeded',
      steps: [
        t,
        { ...yes, branch: 'no' },
        { node: 'y', state: 'skipped' },
        { node: 'z', state: 'succeeded' },
      ],
    });
    expect(skipped.steps.get('y')).toBe('skipped');
    expect(skipped.ended).toBe(true);
  });
  test('a condition that could not say is the end of the way', () => {
    const painted = paint(rule, {
      outcome: 'failed',
      steps: [t, { node: 'i', state: 'succeeded', branch: null }],
    });
    expect([...painted.taken]).toEqual(['root:main:0']);
  });
  test('a run that was cancelled misses what would have come; one without steps shows nothing', () => {
    expect(paint(rule, { outcome: 'cancelled', steps: [t] }).steps.get('z')).toBe('missed');
    expect([...paint(rule, { outcome: 'skipped', steps: [] }).taken]).toEqual([]);
  });
  test('a run that did not match came to the end all the same', () => {
    const painted = paint(rule, {
      outcome: 'unmatched',
      steps: [t, yes, { node: 'x', state: 'succeeded' }, { node: 'z', state: 'succeeded' }],
    });
    expect([painted.taken.has('root:main:2'), painted.ended]).toEqual([true, false]);
  });
  test('an end is an end', () => {
    const ended = opened([{ id: 'e', kind: 'end' }], [['t', 'e']]);
    const painted = paint(ended, { outcome: 'succeeded', steps: [t, { node: 'e', state: 'succeeded' }] });
    expect([[...painted.taken], painted.ended]).toEqual([['root:main:0'], false]);
  });
  test('in a graph that is no tree the ways between what was done are taken', () => {
    const free = opened(
      [c('i'), a('x'), a('y'), a('lost')],
      [
        ['t', 'i'],
        ['i', 'x', 'yes'],
        ['i', 'y', 'no'],
        ['x', 'y'],
      ],
    );
    const painted = paint(free, {
      outcome: 'succeeded',
      steps: [t, yes, { node: 'x', state: 'failed' }, { node: 'y', state: 'skipped' }],
    });
    expect([...painted.taken]).toEqual(['t>i', 'i>x:yes']);
    expect(Object.fromEntries(painted.steps)).toEqual({
      t: 'done',
      i: 'done',
      x: 'failed',
      y: 'skipped',
      lost: 'off',
    });
  });
});
