/** Places for a rule that is a tree: top-down, Yes left and No right of the axis, rejoining below. Pure. */
import { ROOT, type Rule, type Step, slotName } from '../model/rule';
import { BRANCH_GAP, CARD, type Drawing, GAP, type Line, type Point, step } from './drawing';

const SPLIT = { line: 21, plus: 50, card: 76 } as const;
const JOIN = { plus: 24, line: 29, dot: 18, nextPlus: 29, nextCard: 55 } as const;
const EMPTY_BRANCH = 72;

type Extent = { readonly left: number; readonly right: number };

/** Half widths of a sequence around its axis, for every step once. */
function extents(steps: readonly Step[], offsets: Map<string, number>): Extent {
  let extent: Extent =
    steps.length === 0 ? { left: EMPTY_BRANCH, right: EMPTY_BRANCH } : { left: 0, right: 0 };
  for (const one of steps) {
    let own: Extent = { left: CARD.width / 2, right: CARD.width / 2 };
    if (one.kind === 'if') {
      const yes = extents(one.yes, offsets);
      const no = extents(one.no, offsets);
      const offset = (yes.right + BRANCH_GAP + no.left) / 2;
      offsets.set(one.node.id, offset);
      own = {
        left: Math.max(own.left, offset + yes.left),
        right: Math.max(own.right, offset + no.right),
      };
    }
    extent = { left: Math.max(extent.left, own.left), right: Math.max(extent.right, own.right) };
  }
  return extent;
}

/** The pen before a place: the line drawn so far and where the + and the next card would be. */
type Pen = { readonly d: string; readonly at: Point; readonly plus: number; readonly card: number };

export function layoutTree(rule: Rule): Drawing {
  const cards: (Point & { id: string })[] = [];
  const slots: Drawing['slots'][number][] = [];
  const pills: Drawing['pills'][number][] = [];
  const joins: Drawing['joins'][number][] = [];
  const lines: Line[] = [];
  const offsets = new Map<string, number>();
  const whole = extents(rule.steps, offsets);

  const below = (x: number, bottom: number, plus = GAP / 2): Pen => ({
    d: `M ${x} ${bottom}`,
    at: { x, y: bottom },
    plus: bottom + plus,
    card: bottom + GAP,
  });

  const sequence = (
    steps: readonly Step[],
    parent: string,
    branch: 'main' | 'yes' | 'no',
    entry: Pen,
  ): Pen => {
    let pen = entry;
    const x = entry.at.x;
    steps.forEach((one, index) => {
      const slot = { parent, branch, index };
      const name = slotName(slot);
      slots.push({ name, slot, x, y: pen.plus });
      lines.push({ id: name, d: `${pen.d} L ${x} ${pen.card}` });
      cards.push({ id: one.node.id, x: x - CARD.width / 2, y: pen.card });
      const bottom = pen.card + CARD.height;
      if (one.kind === 'if') pen = branches(one, x, bottom);
      else pen = below(x, bottom, branch !== 'main' && index === steps.length - 1 ? JOIN.plus : GAP / 2);
    });
    const slot = { parent, branch, index: steps.length };
    slots.push({ name: slotName(slot), slot, x, y: pen.plus });
    return pen;
  };

  const branches = (one: Extract<Step, { kind: 'if' }>, x: number, bottom: number): Pen => {
    const offset = offsets.get(one.node.id) ?? 0;
    const across = bottom + SPLIT.line;
    const side = (branch: 'yes' | 'no') => {
      const bx = branch === 'yes' ? x - offset : x + offset;
      pills.push({ id: `${one.node.id}:${branch}`, step: one.node.id, branch, x: bx, y: across });
      const down = { x: bx, y: bottom + SPLIT.plus };
      const d = `M ${x} ${bottom}${step({ x, y: bottom }, across, down)}`;
      return sequence(one[branch], one.node.id, branch, {
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
      const slot = { parent: one.node.id, branch, index: one[branch].length };
      lines.push({ id: slotName(slot), d: pen.d + step({ x: pen.at.x, y: pen.at.y }, meet, dot) });
    };
    close(yes, 'yes');
    close(no, 'no');
    joins.push({ id: `${one.node.id}:join`, ...dot });
    return { d: `M ${x} ${dot.y}`, at: dot, plus: dot.y + JOIN.nextPlus, card: dot.y + JOIN.nextCard };
  };

  cards.push({ id: rule.trigger.id, x: -CARD.width / 2, y: 0 });
  const pen = sequence(rule.steps, ROOT, 'main', below(0, CARD.height));
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
