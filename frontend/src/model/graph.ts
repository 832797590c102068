/**
 * Document ↔ tree. Any acyclic graph opens: one whose branches rejoin where they split becomes a tree, losslessly;
 * any other stays `free`: shown with a general layout and never rewritten.
 */
import { isList, isObject, type JSONObject, type JSONValue, listAt } from './json';
import type { Branch, Rule, RuleNode, Step } from './rule';
import { actionStep, besidesOf, branchesOf, chooseStep, DONE, sidesOf } from './ways';

export type FreeEdge = {
  readonly source: string;
  readonly target: string;
  readonly branch: Branch | null;
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
  return typeof branch === 'string' ? { source, target, branch } : null;
}

/** Which branches of a step lead to any step. */
export function leadingFrom(opened: Opened, id: string): ReadonlySet<Branch> {
  const out = edgesOf(opened).filter((edge) => edge.source === id);
  return new Set(out.flatMap(({ branch }) => (branch === null ? [] : [branch])));
}

/** By node, where each of its ways out leads, in the order of the ways. */
type Doors = Map<Branch | null, string | null>;
type Ways = Map<string, Doors>;

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

  const ways: Ways = new Map(
    nodes.map((node) => [node.id, new Map(branchesOf(node).map((branch) => [branch, null]))]),
  );
  for (const edge of edges) {
    const doors = ways.get(edge.source);
    // A way that there is not is undefined, one that leads somewhere already a name.
    if (!doors || doors.get(edge.branch) !== null || edge.target === trigger.id) return free('two-ways-out');
    doors.set(edge.branch, edge.target);
  }
  const order = orderFrom(trigger.id, ways);
  if (order === null) return free('circle');
  if (order.length !== nodes.length) return free('unreached');
  const stubs = stubsIn(byId, ways);
  const steps = readTree(trigger.id, byId, ways, stubs, joins(order, byId, ways, stubs));
  return steps === null ? free('crossing') : { kind: 'rule', head, trigger, steps };
}

/** Reverse post-order from the trigger (every node before those it leads to); null where there is a circle. */
function orderFrom(start: string, ways: Ways): string[] | null {
  const state = new Map<string, 'open' | 'done'>();
  const done: string[] = [];
  const stack: { id: string; targets: string[] }[] = [];
  const enter = (id: string): void => {
    state.set(id, 'open');
    stack.push({ id, targets: targetsOf(ways, id) });
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

const NO_DOORS: Doors = new Map();

/** Where the ways out of a node lead; the exit has none. */
function doorsAt(ways: Ways, id: string): Doors {
  return ways.get(id) ?? NO_DOORS;
}

function targetsOf(ways: Ways, id: string): string[] {
  return [...doorsAt(ways, id).values()].filter((target) => target !== null);
}

/** The actions whose paths beside them stand apart: only they lead into one, and it never comes back to other steps. */
function stubsIn(byId: Map<string, RuleNode>, ways: Ways): ReadonlySet<string> {
  const behind = (from: string): Set<string> => {
    const seen = new Set<string>();
    const todo = [from];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      for (const target of doorsAt(ways, at).values()) todo.push(target ?? EXIT);
    }
    return seen;
  };
  const found = new Set<string>();
  for (const [id, node] of byId) {
    const doors = doorsAt(ways, id);
    const paths = drawnBeside(node, doors).map(({ branch, first }) => ({ branch, steps: behind(first) }));
    const entered = paths.some(({ branch, steps }) => {
      const others = [...ways.keys()].filter((one) => one !== id && !steps.has(one));
      return (
        [...doors].some(([other, target]) => other !== branch && target !== null && steps.has(target)) ||
        others.some((one) => targetsOf(ways, one).some((target) => steps.has(target)))
      );
    });
    if (paths.length > 0 && !entered) found.add(id);
  }
  return found;
}

/** The paths beside a step that somebody drew. */
function drawnBeside(node: RuleNode, doors: Doors): { branch: Branch; first: string }[] {
  return besidesOf(node).flatMap((branch) => {
    const first = doors.get(branch);
    return first ? [{ branch, first }] : [];
  });
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
function joins(
  order: readonly string[],
  byId: Map<string, RuleNode>,
  ways: Ways,
  stubs: ReadonlySet<string>,
): Map<string, Join> {
  const found = new Map<string | null | undefined, Join>();
  const exit = new Join(EXIT, null);
  const made = new Map<string, Join>();
  const nodes = order.map((id) => byId.get(id)).filter((node) => node !== undefined);
  for (const node of nodes.reverse()) {
    const { id } = node;
    const to = (target: string | null): Join => found.get(target) ?? exit;
    const [first = exit, ...others] = doorsThatJoin(node, doorsAt(ways, id), stubs).map(to);
    const join = new Join(id, others.reduce(meet, first));
    found.set(id, join);
    made.set(id, join);
  }
  return made;
}

/** Where the ways of a node lead that meet below it; a path beside it that nobody drew, or that stands apart, does not. */
function doorsThatJoin(node: RuleNode, doors: Doors, stubs: ReadonlySet<string>): (string | null)[] {
  const beside: readonly (Branch | null)[] = besidesOf(node);
  const left = [...doors].filter(
    ([branch, target]) => !beside.includes(branch) || (target !== null && !stubs.has(node.id)),
  );
  return left.map(([, target]) => target);
}

/** The tree behind the trigger; null where a step would have to stand in two places. */
function readTree(
  start: string,
  byId: Map<string, RuleNode>,
  ways: Ways,
  stubs: ReadonlySet<string>,
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
      steps.push(stepOf(node, doorsAt(ways, at), after));
      at = after;
    }
    return steps;
  };
  const stepOf = (node: RuleNode, doors: Doors, after: string): Step => {
    const side = (branch: Branch | null, stop: string) => sequence(doors.get(branch), stop);
    if (node.kind === 'condition')
      return { kind: 'if', node, yes: side('yes', after), no: side('no', after) };
    if (node.kind === 'choose') {
      const ways = [...doors.keys()].filter((branch) => branch !== null);
      return chooseStep(
        node,
        ways.map((branch) => ({ branch, steps: side(branch, after) })),
      );
    }
    const drawn = drawnBeside(node, doors);
    // What is done for items comes back to its list and to nothing else.
    crossing ||= node.kind === 'for_each' && drawn.length > 0 && !stubs.has(node.id);
    const stops = drawn.length === 0 || stubs.has(node.id);
    const known = drawn.map(({ branch }) => ({ branch, steps: side(branch, stops ? EXIT : after) }));
    return actionStep(node, stops ? known : [...known, { branch: DONE, steps: side(null, after) }], stops);
  };
  const steps = sequence(ways.get(start)?.get(null), EXIT);
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
      const sides = sidesOf(step).map((side) => {
        const left = sequence(side.steps, [{ source, branch: side.branch === DONE ? null : side.branch }]);
        return step.kind === 'split' && step.stops ? [] : left;
      });
      const goesOn = step.kind === 'plain' || (step.kind === 'split' && step.stops);
      ends = [...sides.flat(), ...(goesOn && kind !== 'end' ? [{ source, branch: null }] : [])];
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
