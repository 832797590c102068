/**
 * Document ↔ tree. Any acyclic graph opens: one whose branches rejoin where they split becomes a tree, losslessly;
 * any other stays `free`: shown with a general layout and never rewritten.
 */
import { isList, isObject, type JSONObject, type JSONValue, listAt } from './json';
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
  const edges = edgesOf(opened);
  const leads = (branch: string): boolean =>
    edges.some((edge) => edge.source === id && edge.branch === branch);
  return { yes: leads('yes'), no: leads('no') };
}

type Ways = Map<string, { next: string | null; yes: string | null; no: string | null }>;

/** Reads a rule document into the tree, or says why it stays free. */
export function open(document: JSONObject): Opened {
  const { nodes: rawNodes, edges: rawEdges, ...head } = document;
  const nodes = listAt(document, 'nodes').filter(isRuleNode);
  const read = listAt(document, 'edges').map(readEdge);
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

/** A node of the tree of joins: `next` is the nearest node that every path from here passes; the exit's is itself. */
class Join {
  readonly depth: number;
  readonly next: Join;

  constructor(
    readonly id: string,
    next: Join | null,
  ) {
    this.next = next ?? this;
    this.depth = next === null ? 0 : next.depth + 1;
  }
}

function meet(a: Join, b: Join): Join {
  let [x, y] = [a, b];
  while (x !== y) {
    if (x.depth >= y.depth) x = x.next;
    else y = y.next;
  }
  return x;
}

/** For each node where its paths join again (its immediate post-dominator): `next` of its entry. */
function joins(order: readonly string[], byId: Map<string, RuleNode>, ways: Ways): Map<string, Join> {
  const found = new Map<string | null | undefined, Join>();
  const exit = new Join(EXIT, null);
  const made = new Map<string, Join>();
  for (const id of order.toReversed()) {
    const way = ways.get(id);
    const to = (target: string | null | undefined): Join => found.get(target) ?? exit;
    const split = byId.get(id)?.kind === 'condition';
    const join = new Join(id, split ? meet(to(way?.yes), to(way?.no)) : to(way?.next));
    found.set(id, join);
    made.set(id, join);
  }
  return made;
}

/** The tree behind the trigger; null where a step would have to stand in two places. */
function readTree(
  start: string,
  byId: Map<string, RuleNode>,
  ways: Ways,
  join: Map<string, Join>,
): Step[] | null {
  const placed = new Set<string>();
  let crossing = false;
  const sequence = (from: string | null | undefined, stop: string): Step[] => {
    const steps: Step[] = [];
    let at = from ?? EXIT;
    while (at !== stop && !crossing) {
      const node = byId.get(at);
      const own = join.get(at);
      if (!node || !own || placed.has(at)) {
        crossing = true;
        break;
      }
      placed.add(at);
      const after = own.next.id;
      if (node.kind === 'condition') {
        const way = ways.get(at);
        steps.push({ kind: 'if', node, yes: sequence(way?.yes, after), no: sequence(way?.no, after) });
      } else {
        steps.push({ kind: 'plain', node });
      }
      at = after;
    }
    return steps;
  };
  const steps = sequence(ways.get(start)?.next, EXIT);
  return crossing ? null : steps;
}

/** Nodes in reading order, then the edges. */
function written(rule: Rule): { nodes: readonly RuleNode[]; edges: readonly FreeEdge[] } {
  const nodes: RuleNode[] = [rule.trigger];
  const edges: FreeEdge[] = [];
  type End = Omit<FreeEdge, 'target'>;
  const sequence = (steps: readonly Step[], entry: readonly End[]): readonly End[] => {
    let ends = entry;
    for (const step of steps) {
      const { id: source, kind } = step.node;
      nodes.push(step.node);
      for (const end of ends) edges.push({ ...end, target: source });
      if (step.kind === 'if') {
        const yes = sequence(step.yes, [{ source, branch: 'yes' }]);
        ends = [...yes, ...sequence(step.no, [{ source, branch: 'no' }])];
      } else {
        ends = kind === 'end' ? [] : [{ source, branch: null }];
      }
    }
    return ends;
  };
  sequence(rule.steps, [{ source: rule.trigger.id, branch: null }]);
  return { nodes, edges };
}

/** Writes the tree as a document. */
export function write(rule: Rule): JSONObject {
  const { nodes, edges } = written(rule);
  const listed = edges.map(({ source, target, branch }) =>
    branch === null ? [source, target] : [source, target, branch],
  );
  return { ...rule.head, nodes, edges: listed };
}

/** The document behind whatever is open. */
export function documentOf(opened: Opened): JSONObject {
  return opened.kind === 'rule' ? write(opened) : opened.document;
}

/** Every node, in the order of the document. */
export function nodesOf(opened: Opened): readonly RuleNode[] {
  return opened.kind === 'free' ? opened.nodes : written(opened).nodes;
}

export function edgesOf(opened: Opened): readonly FreeEdge[] {
  return opened.kind === 'free' ? opened.edges : written(opened).edges;
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
