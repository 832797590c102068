/**
 * Places for any other graph: layers by longest way from the start, each layer ordered by where its steps come
 * from. Edges that lead back up (a circle) are drawn but do not count; those that lead nowhere are not. Pure.
 */

import { BRANCH_GAP, CARD, type Drawing, type Line, type Point, type SlotPlace } from './drawing';
import { type Door, doorsIn, slotOf } from './free';
import type { Free, FreeEdge } from './graph';
import { slotName } from './rule';

const ROW = CARD.height + 92;

const PILL_DROP = 22;
const SLOT_DROP = 46;
const DOOR_SHIFT = 60;

/** Room that a line takes where it passes between cards. */
const PASS_WIDTH = 24;

const bendOf = (from: Point, to: Point): number => Math.max(40, Math.abs(to.y - from.y) / 2);
const SPREAD = 130;
const doorName = (id: string, branch: Door['branch']): string => `${id} ${branch ?? ''}`;

/** How far from the middle of its card each way begins: the plain one in the middle, several spread over the card. */
function shiftsOf(free: Free): ReadonlyMap<string, number> {
  const shifts = new Map<string, number>();
  for (const node of free.nodes) {
    const doors = doorsIn(free, node);
    const widest = doors.length > 2 ? SPREAD : DOOR_SHIFT;
    doors.forEach(({ id, branch }, index) => {
      const at = branch === null ? 0 : doors[0]?.branch === null ? 1 : (2 * index) / (doors.length - 1) - 1;
      shifts.set(doorName(id, branch), at * widest);
    });
  }
  return shifts;
}

/** The edges without those that close a circle. */
function forward(free: Free): FreeEdge[] {
  const out = new Map<string, FreeEdge[]>();
  for (const edge of free.edges) out.set(edge.source, [...(out.get(edge.source) ?? []), edge]);
  const state = new Map<string, 'open' | 'done'>();
  const kept: FreeEdge[] = [];
  const visit = (id: string): void => {
    state.set(id, 'open');
    for (const edge of out.get(id) ?? []) {
      if (state.get(edge.target) === 'open') continue;
      kept.push(edge);
      if (!state.has(edge.target)) visit(edge.target);
    }
    state.set(id, 'done');
  };
  const starts = [...free.nodes].sort((a, b) => Number(b.kind === 'trigger') - Number(a.kind === 'trigger'));
  for (const node of starts) if (!state.has(node.id)) visit(node.id);
  return kept;
}

function known(places: ReadonlyMap<string, number>, id: string): number {
  return places.get(id) ?? 0;
}

/** The layer of each step: below all that lead to it. */
function layersOf(free: Free, edges: readonly FreeEdge[]): ReadonlyMap<string, number> {
  const layer = new Map<string, number>();
  // Longest way: as many rounds as there are layers, each pushes targets below their sources.
  for (let moved = true, round = 0; moved && round <= free.nodes.length; round += 1) {
    moved = false;
    for (const { source, target } of edges) {
      const least = known(layer, source) + 1;
      if (known(layer, target) < least) {
        layer.set(target, least);
        moved = true;
      }
    }
  }
  return layer;
}

/** A card, or the place where a line passes a layer on its way further down. */
type Item = { readonly id: string; readonly width: number; readonly from: readonly Source[] };
type Source = { readonly id: string; readonly shift: number };

const lineId = ({ source, target, branch }: FreeEdge): string =>
  `${source}>${target}${branch ? `:${branch}` : ''}`;
const passId = (edge: FreeEdge, row: number): string => `${lineId(edge)}@${row}`;

function rowsOf(
  free: Free,
  edges: readonly FreeEdge[],
  layer: ReadonlyMap<string, number>,
  shifts: ReadonlyMap<string, number>,
): Item[][] {
  const rows: Item[][] = [];
  const put = (row: number, item: Item): void => {
    rows[row] = [...(rows[row] ?? []), item];
  };
  const at = (id: string): number => known(layer, id);
  const sources = new Map<string, Source[]>();
  for (const edge of edges) {
    let from: Source = { id: edge.source, shift: known(shifts, doorName(edge.source, edge.branch)) };
    for (let row = at(edge.source) + 1; row < at(edge.target); row += 1) {
      put(row, { id: passId(edge, row), width: PASS_WIDTH, from: [from] });
      from = { id: passId(edge, row), shift: 0 };
    }
    sources.set(edge.target, [...(sources.get(edge.target) ?? []), from]);
  }
  for (const { id } of free.nodes) put(at(id), { id, width: CARD.width, from: sources.get(id) ?? [] });
  return rows;
}

/** The middle of every card and pass: each row ordered by where its items come from, and centred on that. */
function middlesOf(rows: readonly (readonly Item[])[]): ReadonlyMap<string, number> {
  const x = new Map<string, number>();
  for (const row of rows) {
    const wish = ({ from }: Item): number =>
      from.length === 0 ? 0 : from.reduce((sum, one) => sum + known(x, one.id) + one.shift, 0) / from.length;
    const wished = row.map((item) => ({ item, at: wish(item) })).sort((a, b) => a.at - b.at);
    const width = row.reduce((sum, item) => sum + item.width + BRANCH_GAP, -BRANCH_GAP);
    const middle = wished.reduce((sum, one) => sum + one.at, 0) / wished.length;
    let left = middle - width / 2;
    for (const { item } of wished) {
      x.set(item.id, Math.round(left + item.width / 2));
      left += item.width + BRANCH_GAP;
    }
  }
  return x;
}

export function layoutFree(whole: Free): Drawing {
  const ids = new Set(whole.nodes.map((node) => node.id));
  const found = whole.edges.filter(({ source, target }) => ids.has(source) && ids.has(target));
  const free = { ...whole, edges: found };
  const edges = forward(free);
  const layer = layersOf(free, edges);
  const shifts = shiftsOf(free);
  const rows = rowsOf(free, edges, layer, shifts);
  const x = middlesOf(rows);
  const cards = free.nodes.map((node) => ({
    id: node.id,
    x: known(x, node.id) - CARD.width / 2,
    y: known(layer, node.id) * ROW,
  }));
  const top = new Map(cards.map((card) => [card.id, card.y]));
  const pills: Drawing['pills'][number][] = [];
  const slots: SlotPlace[] = [];
  const lines: Line[] = [];
  /** Through the passes of its layers; `to` is where the first part of it arrives. */
  const curveOf = (edge: FreeEdge, from: Point): { line: Line; to: Point } => {
    const target = { x: known(x, edge.target), y: known(top, edge.target) };
    const passes: Point[] = [];
    for (let row = known(layer, edge.source) + 1; x.has(passId(edge, row)); row += 1) {
      const at = known(x, passId(edge, row));
      passes.push({ x: at, y: row * ROW }, { x: at, y: row * ROW + CARD.height });
    }
    const stops = [...passes, target];
    let d = `M ${from.x} ${from.y}`;
    let pen = from;
    stops.forEach((stop, index) => {
      const bend = bendOf(pen, stop);
      // Past the cards of a layer straight down, between layers in a curve.
      d +=
        index % 2 === 1
          ? ` L ${stop.x} ${stop.y}`
          : ` C ${pen.x} ${pen.y + bend} ${stop.x} ${stop.y - bend} ${stop.x} ${stop.y}`;
      pen = stop;
    });
    return { line: { id: lineId(edge), d }, to: passes[0] ?? target };
  };
  for (const door of free.nodes.flatMap((node) => doorsIn(free, node))) {
    const { id, branch } = door;
    const from = { x: known(x, id) + known(shifts, doorName(id, branch)), y: known(top, id) + CARD.height };
    const suffix = branch ? `:${branch}` : '';
    const ways = free.edges.filter((edge) => edge.source === id && edge.branch === branch);
    const curves = ways.map((edge) => curveOf(edge, from));
    for (const { line } of curves) lines.push(line);
    const slot = slotOf(door);
    const [first] = curves;
    // In the middle of its first part; below the card where it leads nowhere, or back up.
    const place =
      first && first.to.y > from.y
        ? { x: (from.x + first.to.x) / 2, y: (from.y + first.to.y) / 2 }
        : { x: from.x, y: from.y + SLOT_DROP };
    // A way that leads nowhere is a short line: the run ends there.
    if (!first) lines.push({ id: `${id}>${suffix}`, d: `M ${from.x} ${from.y} L ${place.x} ${place.y}` });
    slots.push({ name: slotName(slot), slot, ...place });
    if (branch) pills.push({ id: `${id}:${branch}`, step: id, branch, x: from.x, y: from.y + PILL_DROP });
  }
  const xs = cards.map((card) => card.x);
  return {
    cards,
    slots,
    pills,
    joins: [],
    end: null,
    stops: [],
    lines,
    left: Math.min(0, ...xs),
    right: Math.max(0, ...xs) + CARD.width,
    bottom: rows.length * ROW,
  };
}
