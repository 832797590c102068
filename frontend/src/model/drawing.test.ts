import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rule } from './arbitrary';
import { boxOf, gridAround, meet, step } from './drawing';
import { layoutTree } from './treeLayout';

describe('what a line takes up', () => {
  test('a line around a corner takes up the room between its ends', () => {
    const d = `M 10 20${step({ x: 10, y: 20 }, 40, { x: -90.5, y: 80 })}`;
    expect(boxOf({ id: 'a', d })).toEqual([-90.5, 20, 10, 80]);
  });

  test('a path that says nothing takes up no room and meets nothing', () => {
    expect(meet(boxOf({ id: 'a', d: '' }), [-1e9, -1e9, 1e9, 1e9])).toBe(false);
  });

  test('boxes meet where they share a point', () => {
    expect(meet([0, 0, 10, 10], [10, 10, 20, 20])).toBe(true);
    expect(meet([0, 0, 10, 10], [11, 0, 20, 10])).toBe(false);
    expect(meet([11, 0, 20, 10], [0, 0, 10, 10])).toBe(false);
    expect(meet([0, 0, 10, 10], [0, 11, 10, 20])).toBe(false);
    expect(meet([0, 11, 10, 20], [0, 0, 10, 10])).toBe(false);
  });

  test('the grid around a box reaches at least one step beyond it, and seldom changes', () => {
    expect(gridAround([10, 20, 190, 100], 100)).toEqual([-100, -100, 300, 200]);
    expect(gridAround([90, 20, 170, 100], 100)).toEqual([-100, -100, 300, 200]);
    expect(gridAround([110, -20, 210, 100], 100)).toEqual([0, -200, 400, 200]);
  });

  test('every line of a drawing lies within it', () => {
    fc.assert(
      fc.property(rule, (one) => {
        const drawing = layoutTree(one);
        for (const line of drawing.lines) {
          const [left, top, right, bottom] = boxOf(line);
          expect(left).toBeGreaterThanOrEqual(drawing.left);
          expect(right).toBeLessThanOrEqual(drawing.right);
          expect(top).toBeGreaterThanOrEqual(0);
          expect(bottom).toBeLessThanOrEqual(drawing.bottom);
        }
      }),
    );
  });
});
