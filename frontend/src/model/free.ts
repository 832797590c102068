/**
 * Editing a graph that is no tree: its ways cross, so a step has no place of its own, only ways in and out. Each edit
 * gives the graph opened anew, for it may have become a tree; or a named refusal. Never a circle, and no step is lost
 * but the one that is removed. Pure.
 */
import { copiesOf, freeId, type Taken } from './copies';
import { edgesOf, type Free, type FreeEdge, nodesOf, type Opened, open } from './graph';
import { type Branch, type Refusal, ROOT, type Rule, type RuleNode, type Slot, type Step } from './rule';
import { branchesOf, FAILED, OTHERWISE, stepFrom } from './ways';

/** A way out of a step. */
export type Door = { readonly id: string; readonly branch: Branch | null };
export type FreeEdited = Opened | Refusal;

const refuse = (reason: Refusal['reason']): Refusal => ({ kind: 'refusal', reason });

/** Can its steps and ways be edited? Not where parts of the document cannot be read at all. */
export function mayEdit(free: Free): boolean {
  return free.why !== 'unreadable' && free.why !== 'not-one-start';
}

/** The ways out of a step that are always there: the failed one of an action is only where somebody drew it. */
export function doorsOf(node: RuleNode): readonly Door[] {
  return branchesOf(node).flatMap((branch) =>
    branch === FAILED && node.kind === 'action' ? [] : [{ id: node.id, branch }],
  );
}

/** Those, and the failed path of an action that has one. */
export function doorsIn(free: Free, node: RuleNode): readonly Door[] {
  const failed = { id: node.id, branch: FAILED };
  const has = node.kind === 'action' && free.edges.some((edge) => leaves(edge, failed));
  return has ? [...doorsOf(node), failed] : doorsOf(node);
}

/** A door as the place of a +: what the menus and the drawing call it. */
export function slotOf({ id, branch }: Door): Slot {
  return { parent: id, branch: branch ?? 'main', index: 0 };
}

export function doorOf({ parent, branch }: Slot): Door {
  return { id: parent, branch: branch === 'main' ? null : branch };
}

const leaves = (edge: FreeEdge, { id, branch }: Door): boolean =>
  edge.source === id && edge.branch === branch;

/** Where a way leads; null at the end. */
export function goesTo(free: Free, door: Door): string | null {
  return free.edges.find((edge) => leaves(edge, door))?.target ?? null;
}

function nodeIn(free: Free, id: string): RuleNode | undefined {
  return free.nodes.find((node) => node.id === id);
}

function hasDoor(free: Free, door: Door): boolean {
  const node = nodeIn(free, door.id);
  return node !== undefined && branchesOf(node).includes(door.branch);
}

/** Every step that a run can come to from here, itself included. */
function behind(free: Free, id: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const todo = [id];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const edge of free.edges) if (edge.source === at) todo.push(edge.target);
  }
  return seen;
}

/** The steps that a way may lead to: not the start, and none from which one comes back here. */
export function targetsOf(free: Free, door: Door): readonly RuleNode[] {
  return free.nodes.filter((node) => node.kind !== 'trigger' && !behind(free, node.id).has(door.id));
}

function made(free: Free, nodes: readonly RuleNode[], edges: readonly FreeEdge[]): Opened {
  const written = edges.map(({ source, target, branch }) =>
    branch === null ? [source, target] : [source, target, branch],
  );
  return open({ ...free.document, nodes: [...nodes], edges: written });
}

/** The way leads elsewhere; to null: it ends. Its place among the edges stays. */
export function redirect(free: Free, door: Door, target: string | null): FreeEdited {
  if (!hasDoor(free, door)) return refuse('no-such-place');
  if (goesTo(free, door) === target) return free;
  if (target === null) return made(free, free.nodes, without(free, door));
  const node = nodeIn(free, target);
  if (!node) return refuse('no-such-step');
  if (!targetsOf(free, door).includes(node)) return refuse('in-a-circle');
  return made(free, free.nodes, leading(free, door, target));
}

const without = (free: Free, door: Door): FreeEdge[] => free.edges.filter((edge) => !leaves(edge, door));

function leading(free: Free, door: Door, target: string): FreeEdge[] {
  const edge = { source: door.id, target, branch: door.branch };
  const at = free.edges.findIndex((one) => leaves(one, door));
  const rest = without(free, door);
  return at < 0 ? [...rest, edge] : rest.toSpliced(at, 0, edge);
}

const takenIn = (free: Free): Taken => {
  const used = new Set(free.nodes.map((node) => node.id));
  return (id) => used.has(id);
};

/** An id that no step has: the prefix and the smallest free number. */
export function freshIdIn(free: Free, prefix: string): string {
  return freeId(prefix, takenIn(free));
}

/** Puts a step on a way; what was there comes after it, of an If on both sides. */
export function insertAt(free: Free, door: Door, node: RuleNode): FreeEdited {
  return insertSteps(free, door, [stepFrom(node)]);
}

/** Puts a copy of some steps on a way, under ids of this graph; references among them follow. */
export function pasteAt(free: Free, door: Door, steps: readonly Step[]): FreeEdited {
  return insertSteps(free, door, copiesOf(steps, takenIn(free)));
}

function insertSteps(free: Free, door: Door, steps: readonly Step[]): FreeEdited {
  const first = steps[0]?.node.id;
  if (!hasDoor(free, door)) return refuse('no-such-place');
  if (first === undefined) return free;
  const target = goesTo(free, door);
  const added = asGraph(steps);
  const open = added.nodes.flatMap(doorsOf).filter((one) => !added.edges.some((edge) => leaves(edge, one)));
  if (target !== null && open.length === 0) return refuse('after-the-end');
  const onward =
    target === null ? [] : open.map(({ id, branch }): FreeEdge => ({ source: id, target, branch }));
  const at = free.nodes.findIndex((node) => node.id === door.id) + 1;
  return made(free, free.nodes.toSpliced(at, 0, ...added.nodes), [
    ...leading(free, door, first),
    ...added.edges,
    ...onward,
  ]);
}

/** Steps as nodes and the ways among them. */
function asGraph(steps: readonly Step[]): { nodes: RuleNode[]; edges: FreeEdge[] } {
  const rule: Rule = { kind: 'rule', head: {}, trigger: { id: ROOT, kind: 'trigger' }, steps };
  return {
    nodes: nodesOf(rule).filter((node) => node.id !== ROOT),
    edges: edgesOf(rule).filter((edge) => edge.source !== ROOT),
  };
}

/** Takes a step out: what led to it leads to where it led; of one with sides to where the side leads that is kept. */
export function removeFrom(free: Free, id: string, keep: Branch | null = null): FreeEdited {
  const node = nodeIn(free, id);
  if (!node) return refuse('no-such-step');
  if (node.kind === 'trigger') return refuse('the-start-stays');
  const ways = branchesOf(node);
  const usual = ways.includes(null) ? null : node.kind === 'condition' ? 'yes' : OTHERWISE;
  const target = goesTo(free, { id, branch: keep !== null && ways.includes(keep) ? keep : usual });
  const edges = free.edges.flatMap((edge) => {
    if (edge.source === id) return [];
    if (edge.target !== id) return [edge];
    return target === null || target === id ? [] : [{ ...edge, target }];
  });
  return made(
    free,
    free.nodes.filter((one) => one !== node),
    edges,
  );
}

/** Another value of a step; ways out that it has no more are gone. */
export function withNode(free: Free, id: string, change: (node: RuleNode) => RuleNode): Opened {
  const nodes = free.nodes.map((node) => (node.id === id ? { ...change(node), id } : node));
  const ways = new Map(nodes.map((node) => [node.id, branchesOf(node)]));
  const known = new Map(free.nodes.map((node) => [node.id, branchesOf(node)]));
  const edges = free.edges.filter(
    ({ source, branch }) =>
      source !== id || ways.get(id)?.includes(branch) || !known.get(id)?.includes(branch),
  );
  return made(free, nodes, edges);
}

/** A copy right after the step; of an If on its Yes side. */
export function duplicateIn(free: Free, id: string): FreeEdited {
  const node = nodeIn(free, id);
  if (!node) return refuse('no-such-step');
  if (node.kind === 'trigger') return refuse('the-start-stays');
  const [door] = doorsOf(node);
  return door ? pasteAt(free, door, [stepFrom(node)]) : refuse('after-the-end');
}

/** Every step, those after which others come first; those that no run comes to at the end. */
export function readingOrder(free: Free): readonly RuleNode[] {
  const seen = new Set<string>();
  const done: RuleNode[] = [];
  const visit = (node: RuleNode): void => {
    if (seen.has(node.id)) return;
    seen.add(node.id);
    for (const door of [...doorsIn(free, node)].reverse()) {
      const next = nodeIn(free, goesTo(free, door) ?? '');
      if (next) visit(next);
    }
    done.unshift(node);
  };
  const start = free.nodes.find((node) => node.kind === 'trigger');
  if (start) visit(start);
  return [...done, ...free.nodes.filter((node) => !seen.has(node.id))];
}

/** Neighbours, for the arrow keys: down the first way, up the first way in, left and right the outermost ways. */
export function neighbour(free: Free, id: string, way: 'up' | 'down' | 'left' | 'right'): string | null {
  if (way === 'up') return free.edges.find((edge) => edge.target === id)?.source ?? null;
  if (way === 'down') return free.edges.find((edge) => edge.source === id)?.target ?? null;
  const node = nodeIn(free, id);
  const doors = node ? doorsIn(free, node) : [];
  const door = way === 'left' ? doors[0] : doors.at(-1);
  return door && door.branch !== null ? goesTo(free, door) : null;
}
