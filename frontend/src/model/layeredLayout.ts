/**
 * Places for any other graph: layers by longest way from the start, each layer ordered by where its steps come
 * from. Edges that lead back up (a circle) are drawn but do not count; those that lead nowhere are not. Pure.
 */
import { BRANCH_GAP, CARD, type Drawing, type Line } from './drawing';
import type { Free, FreeEdge } from './graph';

const ROW = CARD.height + 92;

/** A step while places are looked for: `x` is its middle. */
type Spot = { readonly id: string; readonly start: boolean; readonly out: Link[]; layer: number; x: number };
type Link = { readonly edge: FreeEdge; readonly from: Spot; readonly to: Spot };

/** The links without those that close a circle. */
function forward(spots: readonly Spot[]): Link[] {
  const state = new Map<Spot, 'open' | 'done'>();
  const kept: Link[] = [];
  const visit = (spot: Spot): void => {
    state.set(spot, 'open');
    for (const link of spot.out) {
      if (state.get(link.to) === 'open') continue;
      kept.push(link);
      if (!state.has(link.to)) visit(link.to);
    }
    state.set(spot, 'done');
  };
  const starts = [...spots].sort((a, b) => Number(b.start) - Number(a.start));
  for (const spot of starts) if (!state.has(spot)) visit(spot);
  return kept;
}

/** Longest way: every target below its source. There are no circles, so it comes to rest. */
function sink(links: readonly Link[]): void {
  for (let moved = true; moved; ) {
    moved = false;
    for (const { from, to } of links) {
      if (to.layer > from.layer) continue;
      to.layer = from.layer + 1;
      moved = true;
    }
  }
}

const lean = ({ branch }: FreeEdge, by: number): number =>
  branch === 'yes' ? -by : branch === 'no' ? by : 0;

/** Beside each other, below where they come from. */
function spread(row: readonly Spot[], links: readonly Link[]): void {
  const width = CARD.width + BRANCH_GAP;
  const wished = row.map((spot) => {
    const places = links.filter(({ to }) => to === spot).map(({ from, edge }) => from.x + lean(edge, 1));
    return { spot, wish: places.reduce((sum, one) => sum + one, 0) / Math.max(1, places.length) };
  });
  wished.sort((a, b) => a.wish - b.wish);
  const middle = wished.reduce((sum, { wish }) => sum + wish, 0) / wished.length;
  wished.forEach(({ spot }, index) => {
    spot.x = Math.round(middle + (index - (wished.length - 1) / 2) * width);
  });
}

export function layoutFree(free: Free): Drawing {
  const byId = new Map<string, Spot>();
  for (const { id, kind } of free.nodes)
    byId.set(id, { id, start: kind === 'trigger', out: [], layer: 0, x: 0 });
  const spots = [...byId.values()];
  for (const edge of free.edges) {
    const from = byId.get(edge.source);
    const to = byId.get(edge.target);
    if (from && to) from.out.push({ edge, from, to });
  }
  const ahead = forward(spots);
  sink(ahead);
  const bottom = Math.max(0, ...spots.map((spot) => spot.layer + 1));
  for (let layer = 0; layer < bottom; layer += 1)
    spread(
      spots.filter((spot) => spot.layer === layer),
      ahead,
    );
  const pills: Drawing['pills'][number][] = [];
  const lines: Line[] = [];
  for (const { edge, from, to } of spots.flatMap((spot) => spot.out)) {
    const [top, end] = [from.layer * ROW + CARD.height, to.layer * ROW];
    const bend = Math.max(40, Math.abs(end - top) / 2);
    const x = from.x + lean(edge, 60);
    const way = edge.branch ? `:${edge.branch}` : '';
    lines.push({
      id: `${from.id}>${to.id}${way}`,
      d: `M ${x} ${top} C ${x} ${top + bend} ${to.x} ${end - bend} ${to.x} ${end}`,
    });
    if (edge.branch)
      pills.push({ id: `${from.id}${way}`, step: from.id, branch: edge.branch, x, y: top + 22 });
  }
  const cards = spots.map(({ id, x, layer }) => ({ id, x: x - CARD.width / 2, y: layer * ROW }));
  const xs = cards.map((card) => card.x);
  return {
    cards,
    slots: [],
    pills,
    joins: [],
    end: null,
    lines,
    left: Math.min(0, ...xs),
    right: Math.max(0, ...xs) + CARD.width,
    bottom: bottom * ROW,
  };
}
