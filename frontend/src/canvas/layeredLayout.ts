/**
 * Places for any other graph: layers by longest way from the start, each layer ordered by where its steps come
 * from. Edges that lead back up (a circle) are drawn but do not count. Pure.
 */
import type { Free, FreeEdge } from '../model/graph';
import { BRANCH_GAP, CARD, type Drawing, type Line } from './drawing';

const ROW = CARD.height + 92;

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

export function layoutFree(free: Free): Drawing {
  const edges = forward(free);
  const layer = new Map<string, number>(free.nodes.map((node) => [node.id, 0]));
  // Longest way: as many rounds as there are layers, each pushes targets below their sources.
  for (let moved = true, round = 0; moved && round <= free.nodes.length; round += 1) {
    moved = false;
    for (const { source, target } of edges) {
      const least = (layer.get(source) ?? 0) + 1;
      if ((layer.get(target) ?? 0) < least) {
        layer.set(target, least);
        moved = true;
      }
    }
  }
  const rows: string[][] = [];
  for (const node of free.nodes) {
    const at = layer.get(node.id) ?? 0;
    rows[at] = [...(rows[at] ?? []), node.id];
  }
  const x = new Map<string, number>();
  const width = CARD.width + BRANCH_GAP;
  rows.forEach((row) => {
    const wish = (id: string): number => {
      const sources = edges.filter((edge) => edge.target === id);
      const places = sources.map(
        (edge) => (x.get(edge.source) ?? 0) + (edge.branch === 'yes' ? -1 : edge.branch === 'no' ? 1 : 0),
      );
      return places.length === 0 ? 0 : places.reduce((sum, one) => sum + one, 0) / places.length;
    };
    const wishes = new Map(row.map((id) => [id, wish(id)]));
    row.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
    const middle = row.reduce((sum, id) => sum + (wishes.get(id) ?? 0), 0) / Math.max(1, row.length);
    row.forEach((id, index) => {
      x.set(id, Math.round(middle + (index - (row.length - 1) / 2) * width));
    });
  });
  const cards = free.nodes.map((node) => ({
    id: node.id,
    x: (x.get(node.id) ?? 0) - CARD.width / 2,
    y: (layer.get(node.id) ?? 0) * ROW,
  }));
  const top = new Map(cards.map((card) => [card.id, card.y]));
  const pills: Drawing['pills'][number][] = [];
  const lines: Line[] = [];
  for (const edge of free.edges) {
    const from = { x: x.get(edge.source) ?? 0, y: (top.get(edge.source) ?? 0) + CARD.height };
    const to = { x: x.get(edge.target) ?? 0, y: top.get(edge.target) ?? 0 };
    const bend = Math.max(40, Math.abs(to.y - from.y) / 2);
    const start = from.x + (edge.branch === 'yes' ? -60 : edge.branch === 'no' ? 60 : 0);
    lines.push({
      id: `${edge.source}>${edge.target}${edge.branch ? `:${edge.branch}` : ''}`,
      d: `M ${start} ${from.y} C ${start} ${from.y + bend} ${to.x} ${to.y - bend} ${to.x} ${to.y}`,
    });
    if (edge.branch) {
      pills.push({
        id: `${edge.source}:${edge.branch}`,
        step: edge.source,
        branch: edge.branch,
        x: start,
        y: from.y + 22,
      });
    }
  }
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
    bottom: rows.length * ROW,
  };
}
