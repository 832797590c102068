/** What a layout produces: places of cards, of the + between them, of branch pills, and the lines. Pure values. */
import type { Branch, Slot } from './rule';

export const CARD = { width: 300, height: 88 } as const;
export const GAP = 60;
export const BRANCH_GAP = 48;
export const END = { width: 56, height: 26 } as const;
const RADIUS = 12;

export type Point = { readonly x: number; readonly y: number };
export type CardPlace = Point & { readonly id: string };
export type SlotPlace = Point & { readonly name: string; readonly slot: Slot };
export type PillPlace = Point & { readonly id: string; readonly step: string; readonly branch: Branch };
/** `id` is the slot that the line runs through, or `source>target` in a free drawing. */
export type Line = { readonly id: string; readonly d: string };

/** Left, top, right, bottom. */
export type Box = readonly [number, number, number, number];

/** What a line takes up; its corners are inside of the points that its path names. */
export function boxOf({ d }: Line): Box {
  const numbers = (d.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
  const xs = numbers.filter((_, place) => place % 2 === 0);
  const ys = numbers.filter((_, place) => place % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export function meet(one: Box, other: Box): boolean {
  return one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];
}

/** The box and at least one `step` around it, out to the next lines of a grid of `step`. */
export function gridAround([left, top, right, bottom]: Box, step: number): Box {
  const down = (at: number): number => Math.floor(at / step - 1) * step;
  const up = (at: number): number => Math.ceil(at / step + 1) * step;
  return [down(left), down(top), up(right), up(bottom)];
}

export type Drawing = {
  /** Corner (left, top) of each card. */
  readonly cards: readonly CardPlace[];
  /** Centre of each +. */
  readonly slots: readonly SlotPlace[];
  readonly pills: readonly PillPlace[];
  readonly joins: readonly (Point & { readonly id: string })[];
  readonly end: Point | null;
  /** Where a path beside a step stops; `id` is step and branch. */
  readonly stops: readonly (Point & { readonly id: string })[];
  readonly lines: readonly Line[];
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
};

/** From where the pen is, across to `to.x` at height `y`, then down to `to.y`; corners rounded. */
export function step(from: Point, y: number, to: Point): string {
  const way = Math.sign(to.x - from.x);
  const r = Math.min(RADIUS, Math.abs(to.x - from.x) / 2, Math.abs(y - from.y), Math.abs(to.y - y));
  return [
    ` L ${from.x} ${y - r} Q ${from.x} ${y} ${from.x + way * r} ${y}`,
    ` L ${to.x - way * r} ${y} Q ${to.x} ${y} ${to.x} ${y + r}`,
    ` L ${to.x} ${to.y}`,
  ].join('');
}
