/** The steps that come before one on every way from the start. Pure. */
import { documentOf, nodesOf, type Opened } from './graph';
import { isList, listAt } from './json';
import type { RuleNode } from './rule';

type Tree = ReadonlyMap<string, { readonly up: string | null; readonly depth: number }>;
const trees = new WeakMap<Opened, Tree>();

/** For each node the nearest one that every way to it leads through (its immediate dominator). */
function treeOf(opened: Opened): Tree {
  const known = trees.get(opened);
  if (known) return known;
  const sources = new Map<string, string[]>();
  const waits = new Map<string, number>();
  const targets = new Map<string, string[]>();
  for (const edge of listAt(documentOf(opened), 'edges')) {
    if (!isList(edge)) continue;
    const [source, target] = [String(edge[0]), String(edge[1])];
    sources.set(target, [...(sources.get(target) ?? []), source]);
    targets.set(source, [...(targets.get(source) ?? []), target]);
    waits.set(target, (waits.get(target) ?? 0) + 1);
  }
  const tree = new Map<string, { up: string | null; depth: number }>();
  const meet = (a: string, b: string): string => {
    let [x, y] = [a, b];
    while (x !== y) {
      const [one, other] = [tree.get(x), tree.get(y)];
      if (!one || !other) return x;
      if (one.depth >= other.depth) x = one.up ?? y;
      else y = other.up ?? x;
    }
    return x;
  };
  const ready = nodesOf(opened).flatMap((node) => (node.kind === 'trigger' ? [node.id] : []));
  for (const id of ready) {
    const from = sources.get(id) ?? [];
    const [first, ...others] = from;
    const up = first === undefined ? null : others.reduce(meet, first);
    tree.set(id, { up, depth: up === null ? 0 : (tree.get(up)?.depth ?? 0) + 1 });
    for (const target of targets.get(id) ?? []) {
      const left = (waits.get(target) ?? 1) - 1;
      waits.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  trees.set(opened, tree);
  return tree;
}

/** The actions that are certainly done when this step is come by, the first of them first. */
export function actionsBefore(opened: Opened, id: string): readonly RuleNode[] {
  const tree = treeOf(opened);
  const before = new Set<string>();
  for (let at = tree.get(id)?.up ?? null; at !== null; at = tree.get(at)?.up ?? null) before.add(at);
  return nodesOf(opened).filter(
    (node) => before.has(node.id) && node.kind === 'action' && node['off'] !== true,
  );
}
