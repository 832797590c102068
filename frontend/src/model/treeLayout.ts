/** Places for a rule that is a tree: top-down, sides beside each other below their step, rejoining below them. Pure. */

import { BRANCH_GAP, CARD, type Drawing, END, GAP, type Line, type Point, step } from './drawing';
import { type Branch, ROOT, type Rule, type Step, slotName } from './rule';
import { APPROVED, asksPeople, besidesOf, DONE, sidesOf } from './ways';

const SPLIT = { line: 21, plus: 50, card: 76 } as const;
const JOIN = { plus: 24, line: 29, dot: 18, nextPlus: 29, nextCard: 55 } as const;
const EMPTY_BRANCH = 72;

/** Half widths around an axis. */
type Extent = { readonly left: number; readonly right: number };
/** A sequence, measured: each step once. */
type Row = Extent & { readonly parts: readonly Part[] };
type Part = Extent & { readonly id: string; readonly split: Split | null };
/** The sides of a step, and how far right of its axis each stands. `stops`: what they lead to ends there. */
type Split = { readonly sides: readonly Side[]; readonly stops: boolean; readonly answered: boolean };
type Side = { readonly branch: Branch; readonly offset: number; readonly row: Row };

const HALF: Extent = { left: CARD.width / 2, right: CARD.width / 2 };
const NOTHING: Extent = { left: EMPTY_BRANCH, right: EMPTY_BRANCH };

function wider(a: Extent, b: Extent): Extent {
  return { left: Math.max(a.left, b.left), right: Math.max(a.right, b.right) };
}

function measure(steps: readonly Step[]): Row {
  const parts = steps.map((step): Part => {
    const { id } = step.node;
    if (step.kind === 'plain') return { id, split: null, ...HALF };
    const sides = besidesOf(step.node).length > 0 ? besides(step) : abreast(step);
    const own = sides.reduce<Extent>(
      (sum, { offset, row }) => wider(sum, { left: row.left - offset, right: row.right + offset }),
      HALF,
    );
    return {
      id,
      split: { sides, stops: step.kind === 'split' && step.stops, answered: asksPeople(step.node) },
      ...own,
    };
  });
  return { parts, ...(parts.length === 0 ? NOTHING : parts.reduce(wider, HALF)) };
}

/** One beside the other, the axis in the middle between the outermost. */
function abreast(step: Step): Side[] {
  const sides: Side[] = [];
  for (const { branch, steps } of sidesOf(step)) {
    const row = measure(steps);
    const last = sides.at(-1);
    const offset = last ? last.offset + last.row.right + BRANCH_GAP + row.left : 0;
    sides.push({ branch, row, offset });
  }
  const middle = Math.max(...sides.map((side) => side.offset)) / 2;
  return sides.map((side) => ({ ...side, offset: side.offset - middle }));
}

/** The paths beside an action or a list, right of what comes when it worked, which stays on the axis. */
function besides(step: Step): Side[] {
  const rows = sidesOf(step).map(({ branch, steps }) => ({ branch, row: measure(steps) }));
  let room = rows.find(({ branch }) => branch === DONE)?.row.right ?? EMPTY_BRANCH / 2;
  return rows.map(({ branch, row }) => {
    if (branch === DONE) return { branch, row, offset: 0 };
    const offset = room + BRANCH_GAP + row.left;
    room = offset + row.right;
    return { branch, row, offset };
  });
}

/** The pen before a place: the line drawn so far and where the + and the next card would be. */
type Pen = { readonly d: string; readonly at: Point; readonly plus: number; readonly card: number };

export function layoutTree(rule: Rule): Drawing {
  const cards: (Point & { id: string })[] = [];
  const slots: Drawing['slots'][number][] = [];
  const pills: Drawing['pills'][number][] = [];
  const joins: Drawing['joins'][number][] = [];
  const stops: Drawing['stops'][number][] = [];
  const lines: Line[] = [];
  const whole = measure(rule.steps);

  const below = (x: number, bottom: number, plus = GAP / 2): Pen => ({
    d: `M ${x} ${bottom}`,
    at: { x, y: bottom },
    plus: bottom + plus,
    card: bottom + GAP,
  });

  const sequence = ({ parts }: Row, parent: string, branch: Branch, entry: Pen): Pen => {
    let pen = entry;
    const x = entry.at.x;
    parts.forEach(({ id, split }, index) => {
      const slot = { parent, branch, index };
      const name = slotName(slot);
      slots.push({ name, slot, x, y: pen.plus });
      lines.push({ id: name, d: `${pen.d} L ${x} ${pen.card}` });
      cards.push({ id, x: x - CARD.width / 2, y: pen.card });
      const bottom = pen.card + CARD.height;
      if (split) pen = split.stops ? apart(id, split, x, bottom) : branches(id, split, x, bottom);
      else pen = below(x, bottom, branch !== 'main' && index === parts.length - 1 ? JOIN.plus : GAP / 2);
    });
    const slot = { parent, branch, index: parts.length };
    slots.push({ name: slotName(slot), slot, x, y: pen.plus });
    return pen;
  };

  const side = (id: string, { branch, offset, row }: Side, x: number, bottom: number): Pen => {
    const across = bottom + SPLIT.line;
    const down = { x: x + offset, y: bottom + SPLIT.plus };
    if (branch !== DONE) pills.push({ id: `${id}:${branch}`, step: id, branch, x: down.x, y: across });
    const way = offset === 0 ? ` L ${down.x} ${down.y}` : step({ x, y: bottom }, across, down);
    const d = `M ${x} ${bottom}${way}`;
    return sequence(row, id, branch, { d, at: down, plus: down.y, card: bottom + SPLIT.card });
  };

  const lastSlot = (id: string, { branch, row }: Side): string =>
    slotName({ parent: id, branch, index: row.parts.length });

  const branches = (id: string, split: Split, x: number, bottom: number): Pen => {
    const pens = split.sides.map((one) => ({ one, pen: side(id, one, x, bottom) }));
    const meet = Math.max(...pens.map(({ pen }) => pen.plus)) + JOIN.line;
    const dot = { x, y: meet + JOIN.dot };
    for (const { one, pen } of pens) {
      const way = one.offset === 0 ? ` L ${dot.x} ${dot.y}` : step({ x: pen.at.x, y: pen.at.y }, meet, dot);
      lines.push({ id: lastSlot(id, one), d: pen.d + way });
    }
    joins.push({ id: `${id}:join`, ...dot });
    return { d: `M ${x} ${dot.y}`, at: dot, plus: dot.y + JOIN.nextPlus, card: dot.y + JOIN.nextCard };
  };

  /** Sides that end by themselves, beside the line that goes on below all of them. */
  const apart = (id: string, split: Split, x: number, bottom: number): Pen => {
    let low = bottom;
    for (const one of split.sides) {
      const pen = side(id, one, x, bottom);
      const stop = { x: pen.at.x, y: pen.plus + JOIN.line };
      lines.push({ id: lastSlot(id, one), d: `${pen.d} L ${stop.x} ${stop.y}` });
      stops.push({ id: `${id}:${one.branch}`, ...stop });
      low = Math.max(low, stop.y + END.height);
    }
    if (split.answered)
      pills.push({ id: `${id}:${APPROVED}`, step: id, branch: APPROVED, x, y: bottom + SPLIT.plus });
    const y = low - GAP / 2;
    return { d: `M ${x} ${bottom} L ${x} ${y}`, at: { x, y }, plus: low + JOIN.plus, card: low + GAP };
  };

  cards.push({ id: rule.trigger.id, x: -CARD.width / 2, y: 0 });
  const pen = sequence(whole, ROOT, 'main', below(0, CARD.height));
  const end = { x: 0, y: pen.card };
  lines.push({
    id: slotName({ parent: ROOT, branch: 'main', index: rule.steps.length }),
    d: `${pen.d} L 0 ${end.y}`,
  });
  return {
    cards,
    slots,
    pills,
    joins,
    end,
    stops,
    lines,
    left: -Math.max(whole.left, CARD.width / 2),
    right: Math.max(whole.right, CARD.width / 2),
    bottom: end.y + 40,
  };
}
