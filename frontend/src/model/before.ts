/** The steps that come before one on every way from the start. Pure. */
import { edgesOf, type FreeEdge, nodesOf, type Opened } from './graph';
import type { RuleNode } from './rule';
import { awaitsSomething } from './waits';
import { FAILED, LATE } from './ways';

/** A node of the tree of dominators: `up` is the nearest one that every way here leads through; the root's is itself. */
class Spot {
  readonly depth: number;
  readonly up: Spot;

  constructor(
    readonly id: string | null,
    up: Spot | null,
  ) {
    this.up = up ?? this;
    this.depth = up === null ? 0 : up.depth + 1;
  }
}

function meet(a: Spot, b: Spot): Spot {
  let [x, y] = [a, b];
  while (x !== y) {
    if (x.depth >= y.depth) x = x.up;
    else y = y.up;
  }
  return x;
}

/** Kinds of steps that later ones can read. */
const ANSWERING: readonly string[] = ['action', 'for_each'];

type Tree = ReadonlyMap<string, Spot>;
const trees = new WeakMap<Opened, Tree>();

function grouped(edges: readonly FreeEdge[], by: 'source' | 'target'): (id: string) => readonly FreeEdge[] {
  const groups = new Map<string, FreeEdge[]>();
  const of = (id: string): FreeEdge[] => groups.get(id) ?? [];
  for (const edge of edges) groups.set(edge[by], [...of(edge[by]), edge]);
  return of;
}

/** Every node whose ways are all known, from the starts on; one behind a circle is not. */
function treeOf(opened: Opened): Tree {
  const known = trees.get(opened);
  if (known) return known;
  const edges = edgesOf(opened);
  const [into, out] = [grouped(edges, 'target'), grouped(edges, 'source')];
  const root = new Spot(null, null);
  const tree = new Map<string, Spot>();
  const ready = new Set(nodesOf(opened).flatMap((node) => (node.kind === 'trigger' ? [node.id] : [])));
  // What is added while it is gone through is gone through, too.
  for (const id of ready) {
    const [first = root, ...others] = into(id).flatMap((edge) => tree.get(edge.source) ?? []);
    tree.set(id, new Spot(id, others.reduce(meet, first)));
    for (const { target } of out(id))
      if (into(target).every((edge) => tree.has(edge.source))) ready.add(target);
  }
  trees.set(opened, tree);
  return tree;
}

/**
 * How an action, or a wait for something, that certainly comes before a step went: it failed, or nothing came, only where
 * the step is come to by its path for that.
 */
export function wentBefore(opened: Opened, action: string, step: string): 'done' | 'failed' | 'either' {
  const out = grouped(edgesOf(opened), 'source');
  const node = nodesOf(opened).find((one) => one.id === action);
  const none = node && awaitsSomething(node) ? LATE : FAILED;
  const reaches = (failed: boolean): boolean => {
    const todo = out(action).flatMap((edge) =>
      (edge.branch === FAILED || edge.branch === none) === failed ? [edge.target] : [],
    );
    const seen = new Set<string>();
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (at === step) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      todo.push(...out(at).map((edge) => edge.target));
    }
    return false;
  };
  if (!reaches(true)) return 'done';
  return reaches(false) ? 'either' : 'failed';
}

/** The actions and the waits for something that are certainly done when this step is come by, the first of them first. */
export function actionsBefore(opened: Opened, id: string): readonly RuleNode[] {
  const tree = treeOf(opened);
  const before = new Set<string>();
  for (let at = tree.get(id)?.up; at && at.id !== null; at = at.up) before.add(at.id);
  return nodesOf(opened).filter(
    (node) =>
      before.has(node.id) && (ANSWERING.includes(node.kind) || awaitsSomething(node)) && node['off'] !== true,
  );
}
