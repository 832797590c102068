import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rule as anyRule, asFree, drawnRule, start } from './arbitrary';
import { clipText, readClip } from './clip';
import { doorsIn, insertAt, neighbour, redirect, removeFrom, withNode } from './free';
import { type Free, write } from './graph';
import type { JSONValue } from './json';
import { layoutFree } from './layeredLayout';
import { a, x } from './waySamples';
import { chooseStep, FAILED, OTHERWISE, removeWay, sidesOf, stepFrom, withSides } from './ways';

describe('a graph whose ways cross', () => {
  const free: Free = asFree(
    [start, x, a('a'), a('f'), a('z')],
    [
      { source: 't', target: 'x', branch: null },
      { source: 'x', target: 'a', branch: 'big' },
      { source: 'x', target: 'f', branch: 'mid' },
      { source: 'a', target: 'f', branch: FAILED },
      { source: 'a', target: 'z', branch: null },
    ],
  );

  test('has every way as a door, a failed path where somebody drew it', () => {
    expect(doorsIn(free, x).map((door) => door.branch)).toEqual(['big', 'mid', OTHERWISE]);
    expect(doorsIn(free, a('a')).map((door) => door.branch)).toEqual([null, FAILED]);
    expect(doorsIn(free, a('z')).map((door) => door.branch)).toEqual([null]);
    const { pills, slots } = layoutFree(free);
    expect(pills.map((pill) => pill.branch)).toEqual(['big', 'mid', OTHERWISE, FAILED]);
    expect(slots).toHaveLength(8);
    expect(neighbour(free, 'x', 'left')).toBe('a');
    expect(neighbour(free, 'x', 'right')).toBe(null);
    expect(neighbour(free, 'a', 'right')).toBe('f');
    expect(neighbour(free, 'a', 'left')).toBe(null);
    expect(neighbour(free, 'nobody', 'left')).toBe(null);
    expect(neighbour(free, 'x', 'down')).toBe('a');
    expect(neighbour(free, 'z', 'down')).toBe(null);
    expect(neighbour(free, 't', 'up')).toBe(null);
  });

  test('is edited by them', () => {
    const ids = (opened: ReturnType<typeof redirect>) =>
      opened.kind === 'refusal' ? opened.reason : JSON.stringify(documentEdges(opened));
    const documentEdges = (opened: Exclude<ReturnType<typeof redirect>, { kind: 'refusal' }>) =>
      (opened.kind === 'rule' ? write(opened) : opened.document)['edges'];
    expect(ids(redirect(free, { id: 'z', branch: FAILED }, 'f'))).toContain('["z","f","failed"]');
    expect(ids(removeFrom(free, 'x', 'big'))).toContain('["t","a"]');
    expect(ids(removeFrom(free, 'x'))).not.toContain('["t",');
    expect(ids(removeFrom(free, 'a', 'yes'))).toContain('["x","z","big"]');
    expect(ids(insertAt(free, { id: 'x', branch: OTHERWISE }, a('n')))).toContain('["x","n","otherwise"]');
    expect(ids(withNode(free, 'x', (node) => removeWay(node, 'mid')))).not.toContain('"mid"');
    expect(ids(withNode(free, 'a', (node) => ({ ...node, note: 'n' })))).toContain('["a","f","failed"]');
  });
});

test('a step with sides is copied whole, and read again from the clipboard', () => {
  fc.assert(
    fc.property(drawnRule, (drawn) => {
      const read = readClip(clipText(drawn.steps));
      if (drawn.steps.length > 0) expect(read).toEqual({ kind: 'steps', steps: drawn.steps });
    }),
  );
  const clip = (step: JSONValue) => readClip(JSON.stringify({ ruleyard: 'steps', steps: [step] })).kind;
  expect(clip({ node: a('a'), ways: { failed: 3 } })).toBe('refusal');
  expect(clip({ node: a('a'), ways: [] })).toBe('refusal');
  expect(clip({ node: a('a'), ways: { other: [] } })).toBe('steps');
  expect(clip({ node: { id: 'w', kind: 'wait' }, ways: { failed: [] } })).toBe('steps');
  expect(clip({ node: a('a'), ways: { failed: [] } })).toBe('steps');
  expect(clip({ node: { ...x, ways: [] } })).toBe('refusal');
});

test('sides are what they were where none of them changes', () => {
  fc.assert(
    fc.property(anyRule, (one) => {
      for (const step of one.steps) {
        expect(withSides(step, (side) => side.steps)).toBe(step);
        const emptied = withSides(step, () => []);
        expect(sidesOf(emptied).every((side) => side.steps.length === 0)).toBe(true);
        expect(sidesOf(emptied).map((side) => side.branch)).toEqual(sidesOf(step).map((side) => side.branch));
      }
    }),
  );
  expect(stepFrom(x)).toEqual(chooseStep(x));
});
