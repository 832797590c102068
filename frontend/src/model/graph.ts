/**
 * Document ↔ tree. Any acyclic graph opens: one whose branches rejoin where they split becomes a tree, losslessly;
 * any other stays `free`: shown with a general layout and never rewritten.
 */
import { isList, isObject, type JSONObject, type JSONValue } from './json';
import type { Rule, RuleNode, Step } from './rule';

export type FreeEdge = {
  readonly source: string;
  readonly target: string;
  readonly branch: 'yes' | 'no' | null;
};

export type Free = {
  readonly kind: 'free';
  readonly document: JSONObject;
  readonly nodes: readonly RuleNode[];
  readonly edges: readonly FreeEdge[];
  readonly why: FreeReason;
};

export type FreeReason =
  | 'unreadable'
  | 'not-one-start'
  | 'dangling'
  | 'circle'
  | 'two-ways-out'
  | 'unreached'
  | 'crossing';

export type Opened = Rule | Free;

const EXIT = '\u0000exit';

export function isRuleNode(value: JSONValue | undefined): value is RuleNode {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['kind'] === 'string';
}

function readEdge(value: JSONValue): FreeEdge | null {
  if (!isList(value)) return null;
  const [source, target, branch] = value;
  if (typeof source !== 'string' || typeof target !== 'string') return null;
  if (branch === undefined || branch === null) return { source, target, branch: null };
  return branch === 'yes' || branch === 'no' ? { source, target, branch } : null;
}

/** Which branches of a condition lead to any step. */
export function waysOf(opened: Opened, id: string): { readonly yes: boolean; readonly no: boolean } {
  const { edges } = documentOf(opened);
  const leads = (branch: string): boolean =>
    isList(edges) && edges.some((edge) => isList(edge) && edge[0] === id && edge[2] === branch);
  return { yes: leads('yes'), no: leads('no') };
}

type Ways = Map<string, { next: string | null; yes: string | null; no: string | null }>;

/** Reads a rule document into the tree, or says why it stays free. */
export function open(document: JSONObject): Opened {
  const { nodes: rawNodes, edges: rawEdges, ...head } = document;
  const nodes = isList(rawNodes) ? rawNodes.filter(isRuleNode) : [];
  const read = isList(rawEdges) ? rawEdges.map(readEdge) : [];
  const edges = read.filter((edge): edge is FreeEdge => edge !== null);
  const free = (why: FreeReason): Free => ({ kind: 'free', document, nodes, edges, why });

  if (!isList(rawNodes) || nodes.length !== rawNodes.length || edges.length !== read.length)
    return free('unreadable');
  if (rawEdges !== undefined && !isList(rawEdges)) return free('unreadable');
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const triggers = nodes.filter((node) => node.kind === 'trigger');
  const trigger = triggers[0];
  if (!trigger || triggers.length > 1 || byId.size !== nodes.length) return free('not-one-start');
  if (edges.some((edge) => !byId.has(edge.source) || !byId.has(edge.target))) return free('dangling');

  const ways: Ways = new Map(nodes.map((node) => [node.id, { next: null, yes: null, no: null }]));
  for (const edge of edges) {
    const way = ways.get(edge.source);
    const kind = byId.get(edge.source)?.kind;
    const door = kind === 'condition' ? edge.branch : edge.branch === null && kind !== 'end' ? 'next' : null;
    if (!way || door === null || way[door] !== null || edge.target === trigger.id)
      return free('two-ways-out');
    way[door] = edge.target;
  }
  const order = orderFrom(trigger.id, ways);
  if (order === null) return free('circle');
  if (order.length !== nodes.length) return free('unreached');
  const steps = readTree(trigger.id, byId, ways, joins(order, byId, ways));
  return steps === null ? free('crossing') : { kind: 'rule', head, trigger, steps };
}

/** Reverse post-order from the trigger (every node before those it leads to); null where there is a circle. */
function orderFrom(start: string, ways: Ways): string[] | null {
  const state = new Map<string, 'open' | 'done'>();
  const done: string[] = [];
  const stack: { id: string; targets: string[] }[] = [];
  const enter = (id: string): void => {
    state.set(id, 'open');
    const way = ways.get(id);
    stack.push({
      id,
      targets: [way?.next, way?.yes, way?.no].filter((x): x is string => typeof x === 'string'),
    });
  };
  enter(start);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const target = top.targets.pop();
    if (target === undefined) {
      state.set(top.id, 'done');
      done.push(top.id);
      stack.pop();
    } else if (state.get(target) === 'open') {
      return null;
    } else if (!state.has(target)) {
      enter(target);
    }
  }
  return done.reverse();
}

/** For each node, the nearest node that every path from it passes (its immediate post-dominator), or EXIT. */
function joins(order: readonly string[], byId: Map<string, RuleNode>, ways: Ways): Map<string, string> {
  const next = new Map<string, string>();
  const depth = new Map<string, number>([[EXIT, 0]]);
  const meet = (a: string, b: string): string => {
    let [x, y] = [a, b];
    while (x !== y) {
      if ((depth.get(x) ?? 0) >= (depth.get(y) ?? 0)) x = next.get(x) ?? EXIT;
      else y = next.get(y) ?? EXIT;
    }
    return x;
  };
  for (const id of [...order].reverse()) {
    const way = ways.get(id);
    const join =
      byId.get(id)?.kind === 'condition' ? meet(way?.yes ?? EXIT, way?.no ?? EXIT) : (way?.next ?? EXIT);
    next.set(id, join);
    depth.set(id, (depth.get(join) ?? 0) + 1);
  }
  return next;
}

/** The tree behind the trigger; null where a step would have to stand in two places. */
function readTree(
  start: string,
  byId: Map<string, RuleNode>,
  ways: Ways,
  join: Map<string, string>,
): Step[] | null {
  const placed = new Set<string>();
  let crossing = false;
  const sequence = (from: string | null, stop: string): Step[] => {
    const steps: Step[] = [];
    let at = from ?? EXIT;
    while (at !== stop && at !== EXIT && !crossing) {
      const node = byId.get(at);
      if (!node || placed.has(at)) {
        crossing = true;
        break;
      }
      placed.add(at);
      const after = join.get(at) ?? EXIT;
      if (node.kind === 'condition') {
        const way = ways.get(at);
        steps.push({
          kind: 'if',
          node,
          yes: sequence(way?.yes ?? null, after),
          no: sequence(way?.no ?? null, after),
        });
      } else {
        steps.push({ kind: 'plain', node });
      }
      at = after;
    }
    if (at === EXIT && stop !== EXIT) crossing = true;
    return steps;
  };
  const steps = sequence(ways.get(start)?.next ?? null, EXIT);
  return crossing ? null : steps;
}

/** Writes the tree as a document: nodes in reading order, then the edges. */
export function write(rule: Rule): JSONObject {
  const nodes: RuleNode[] = [rule.trigger];
  const edges: JSONValue[] = [];
  type End = { from: string; branch: 'yes' | 'no' | null };
  const sequence = (steps: readonly Step[], entry: readonly End[]): readonly End[] => {
    let ends = entry;
    for (const step of steps) {
      const { id, kind } = step.node;
      nodes.push(step.node);
      for (const end of ends) edges.push(end.branch === null ? [end.from, id] : [end.from, id, end.branch]);
      if (step.kind === 'if') {
        const yes = sequence(step.yes, [{ from: id, branch: 'yes' }]);
        ends = [...yes, ...sequence(step.no, [{ from: id, branch: 'no' }])];
      } else {
        ends = kind === 'end' ? [] : [{ from: id, branch: null }];
      }
    }
    return ends;
  };
  sequence(rule.steps, [{ from: rule.trigger.id, branch: null }]);
  return { ...rule.head, nodes, edges };
}

/** The document behind whatever is open. */
export function documentOf(opened: Opened): JSONObject {
  return opened.kind === 'rule' ? write(opened) : opened.document;
}

/** Every node, in the order of the document. */
export function nodesOf(opened: Opened): readonly RuleNode[] {
  if (opened.kind === 'free') return opened.nodes;
  const nodes = write(opened)['nodes'];
  return isList(nodes) ? nodes.filter(isRuleNode) : [];
}

/** A document to edit: one that holds no step yet begins with a start to fill in. */
export function openDraft(document: JSONObject): Opened {
  const nodes = document['nodes'];
  if (nodes !== undefined && !(isList(nodes) && nodes.length === 0)) return open(document);
  const { nodes: _none, edges: _nothing, ...head } = document;
  const trigger = {
    id: 'start',
    kind: 'trigger',
    on: 'change',
    connection: '',
    table: '',
    events: ['insert'],
  };
  return { kind: 'rule', head: { dialect: 1, ...head }, trigger, steps: [] };
}
