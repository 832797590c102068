/** Places for a rule that is a tree: top-down, Yes left and No right of the axis, rejoining below. Pure. */

import { BRANCH_GAP, CARD, type Drawing, GAP, type Line, type Point, step } from './drawing';
import { ROOT, type Rule, type Step, slotName } from './rule';

const SPLIT = { line: 21, plus: 50, card: 76 } as const;
const JOIN = { plus: 24, line: 29, dot: 18, nextPlus: 29, nextCard: 55 } as const;
const EMPTY_BRANCH = 72;

/** Half widths around an axis. */
type Extent = { readonly left: number; readonly right: number };
/** A sequence, measured: each step once. */
type Row = Extent & { readonly parts: readonly Part[] };
type Part = Extent & { readonly id: string; readonly split: Split | null };
/** How far the sides of a condition are from its axis. */
type Split = { readonly offset: number; readonly yes: Row; readonly no: Row };

const HALF: Extent = { left: CARD.width / 2, right: CARD.width / 2 };
const NOTHING: Extent = { left: EMPTY_BRANCH, right: EMPTY_BRANCH };

function wider(a: Extent, b: Extent): Extent {
  return { left: Math.max(a.left, b.left), right: Math.max(a.right, b.right) };
}

function measure(steps: readonly Step[]): Row {
  const parts = steps.map((step): Part => {
    const { id } = step.node;
    if (step.kind === 'plain') return { id, split: null, ...HALF };
    const yes = measure(step.yes);
    const no = measure(step.no);
    const offset = (yes.right + BRANCH_GAP + no.left) / 2;
    const own = wider(HALF, { left: offset + yes.left, right: offset + no.right });
    return { id, split: { offset, yes, no }, ...own };
  });
  return { parts, ...(parts.length === 0 ? NOTHING : parts.reduce(wider, HALF)) };
}

/** The pen before a place: the line drawn so far and where the + and the next card would be. */
type Pen = { readonly d: string; readonly at: Point; readonly plus: number; readonly card: number };

export function layoutTree(rule: Rule): Drawing {
  const cards: (Point & { id: string })[] = [];
  const slots: Drawing['slots'][number][] = [];
  const pills: Drawing['pills'][number][] = [];
  const joins: Drawing['joins'][number][] = [];
  const lines: Line[] = [];
  const whole = measure(rule.steps);

  const below = (x: number, bottom: number, plus = GAP / 2): Pen => ({
    d: `M ${x} ${bottom}`,
    at: { x, y: bottom },
    plus: bottom + plus,
    card: bottom + GAP,
  });

  const sequence = ({ parts }: Row, parent: string, branch: 'main' | 'yes' | 'no', entry: Pen): Pen => {
    let pen = entry;
    const x = entry.at.x;
    parts.forEach(({ id, split }, index) => {
      const slot = { parent, branch, index };
      const name = slotName(slot);
      slots.push({ name, slot, x, y: pen.plus });
      lines.push({ id: name, d: `${pen.d} L ${x} ${pen.card}` });
      cards.push({ id, x: x - CARD.width / 2, y: pen.card });
      const bottom = pen.card + CARD.height;
      if (split) pen = branches(id, split, x, bottom);
      else pen = below(x, bottom, branch !== 'main' && index === parts.length - 1 ? JOIN.plus : GAP / 2);
    });
    const slot = { parent, branch, index: parts.length };
    slots.push({ name: slotName(slot), slot, x, y: pen.plus });
    return pen;
  };

  const branches = (id: string, split: Split, x: number, bottom: number): Pen => {
    const across = bottom + SPLIT.line;
    const side = (branch: 'yes' | 'no') => {
      const bx = branch === 'yes' ? x - split.offset : x + split.offset;
      pills.push({ id: `${id}:${branch}`, step: id, branch, x: bx, y: across });
      const down = { x: bx, y: bottom + SPLIT.plus };
      const d = `M ${x} ${bottom}${step({ x, y: bottom }, across, down)}`;
      return sequence(split[branch], id, branch, {
        d,
        at: down,
        plus: down.y,
        card: bottom + SPLIT.card,
      });
    };
    const yes = side('yes');
    const no = side('no');
    const meet = Math.max(yes.plus, no.plus) + JOIN.line;
    const dot = { x, y: meet + JOIN.dot };
    const close = (pen: Pen, branch: 'yes' | 'no') => {
      const slot = { parent: id, branch, index: split[branch].parts.length };
      lines.push({ id: slotName(slot), d: pen.d + step({ x: pen.at.x, y: pen.at.y }, meet, dot) });
    };
    close(yes, 'yes');
    close(no, 'no');
    joins.push({ id: `${id}:join`, ...dot });
    return { d: `M ${x} ${dot.y}`, at: dot, plus: dot.y + JOIN.nextPlus, card: dot.y + JOIN.nextCard };
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
    lines,
    left: -Math.max(whole.left, CARD.width / 2),
    right: Math.max(whole.right, CARD.width / 2),
    bottom: end.y + 40,
  };
}
