/**
 * The ways out of a step: one plain way; Yes and No of a condition; the ways of a choose in their order and "otherwise";
 * the plain way of an action and, where somebody wants it, the one for when it fails; of a question for approval those
 * for when it is refused, or nobody answers in time; of a wait that for when nothing comes in time; of a list what is done for each of its items. Pure.
 */
import { freeId } from './copies';
import { isObject, type JSONObject, type JSONValue, listAt, textAt } from './json';
import type { Branch, RuleNode, SplitStep, Step, Way } from './rule';
import { awaitsSomething } from './waits';

export const FAILED = 'failed';
export const OTHERWISE = 'otherwise';
export const REFUSED = 'refused';
export const LATE = 'late';
/** What is done for every item of a list. */
export const EACH = 'each';
/** The plain way of an action beside its failed one, where steps stand on it alone. */
export const DONE = 'done';

const ANSWERS: Readonly<Record<string, readonly Branch[]>> = { ask_approval: [REFUSED, LATE] };

/**
 * The ways out beside the plain one that a step always has: other answers than the one it goes on with; of a list what is
 * done for its items.
 */
export function answersOf(node: RuleNode): readonly Branch[] {
  if (node.kind === 'for_each') return [EACH];
  if (awaitsSomething(node)) return [LATE];
  return (node.kind === 'action' && ANSWERS[textAt(node, 'do')]) || [];
}

/** What the plain way is called where people may refuse. */
export const APPROVED = 'approved';

/** Does the step ask people? */
export function asksPeople(node: RuleNode): boolean {
  return answersOf(node).includes(REFUSED);
}

/** All ways out that can stand beside the plain one. */
export function besidesOf(node: RuleNode): readonly Branch[] {
  return node.kind === 'action' ? [...answersOf(node), FAILED] : answersOf(node);
}

/** What a way is called in words: what is late at a question is an answer, at a wait what it waits for. */
export function branchKey(node: RuleNode | undefined, branch: Branch): string {
  return branch === LATE && node?.kind === 'wait' ? 'notInTime' : branch;
}

/** One way of a choose as the document holds it. */
export type WayNode = { readonly key: string; readonly name: string; readonly logic: JSONValue };

/** The ways of a choose in the order in which they are asked; what has no key of its own is none. */
export function waysIn(node: RuleNode): readonly WayNode[] {
  const seen = new Set<string>();
  return listAt(node, 'ways').flatMap((way): WayNode[] => {
    const key = isObject(way) ? textAt(way, 'key') : '';
    if (!isObject(way) || key === '' || seen.has(key)) return [];
    seen.add(key);
    return [{ key, name: textAt(way, 'name'), logic: way['logic'] ?? null }];
  });
}

/** The branches that the edges out of a node may name, `null` for the plain way. */
export function branchesOf(node: RuleNode): readonly (Branch | null)[] {
  switch (node.kind) {
    case 'end':
      return [];
    case 'condition':
      return ['yes', 'no'];
    case 'choose':
      return [...waysIn(node).map((way) => way.key), OTHERWISE];
    case 'action':
    case 'for_each':
    case 'wait':
      return [null, ...besidesOf(node)];
    default:
      return [null];
  }
}

/** The sides of a step in reading order; none where the run simply goes on. */
export function sidesOf(step: Step): readonly Way[] {
  if (step.kind === 'plain') return [];
  if (step.kind === 'split') return step.ways;
  return [
    { branch: 'yes', steps: step.yes },
    { branch: 'no', steps: step.no },
  ];
}

/** The same step with other steps on its sides; the same value where none changed. */
export function withSides(step: Step, side: (way: Way) => readonly Step[]): Step {
  if (step.kind === 'plain') return step;
  const ways = sidesOf(step);
  const made = ways.map((way) => ({ ...way, steps: side(way) }));
  if (made.every((way, index) => way.steps === ways[index]?.steps)) return step;
  if (step.kind === 'split') return { ...step, ways: made };
  const [yes = step.yes, no = step.no] = made.map((way) => way.steps);
  return { ...step, yes, no };
}

/** A choose with a side for each of its ways: steps stay with the key that they stood under. */
export function chooseStep(node: RuleNode, known: readonly Way[] = []): SplitStep {
  const ways = [...waysIn(node).map((way) => way.key), OTHERWISE].map(
    (branch): Way => ({
      branch,
      steps: known.find((way) => way.branch === branch)?.steps ?? [],
    }),
  );
  return { kind: 'split', node, ways, stops: false };
}

/**
 * A step with the paths beside it that are there. Where they `stop`, the rest of the rule goes on by the plain way alone,
 * and the answers that it always has are shown, empty ones too; else all that are there join below it.
 */
export function actionStep(node: RuleNode, known: readonly Way[] = [], stops = true): Step {
  const shown = stops ? answersOf(node) : [];
  const ways = besidesOf(node).flatMap((branch): readonly Way[] => {
    const way = known.find((one) => one.branch === branch);
    return way ? [way] : shown.includes(branch) ? [{ branch, steps: [] }] : [];
  });
  if (ways.length === 0) return { kind: 'plain', node };
  if (stops) return { kind: 'split', node, ways, stops };
  const done = known.find((one) => one.branch === DONE) ?? { branch: DONE, steps: [] };
  return { kind: 'split', node, ways: [...ways, done], stops };
}

/** An action with a path for when it fails, which ends there; the rest of the rule goes on only when it worked. */
export function failedStep(node: RuleNode, steps: readonly Step[] = []): Step {
  return actionStep(node, [{ branch: FAILED, steps }]);
}

/** A node alone as a step. */
export function stepFrom(node: RuleNode): Step {
  if (node.kind === 'choose') return chooseStep(node);
  return node.kind === 'condition' ? { kind: 'if', node, yes: [], no: [] } : actionStep(node);
}

const withWays = (node: RuleNode, ways: readonly JSONValue[]): RuleNode => ({ ...node, ways });

const EMPTY: JSONValue = { and: [{ '===': [] }] };

/** A new way behind the others, with a condition to fill in. */
export function addWay(node: RuleNode): RuleNode {
  const keys = new Set(waysIn(node).map((way) => way.key));
  const key = freeId('way', (one) => keys.has(one));
  return withWays(node, [...listAt(node, 'ways'), { key, logic: EMPTY }]);
}

const isWay = (way: JSONValue, key: string): way is JSONObject => isObject(way) && way['key'] === key;

export function removeWay(node: RuleNode, key: string): RuleNode {
  return withWays(
    node,
    listAt(node, 'ways').filter((way) => !isWay(way, key)),
  );
}

/** An empty name is none. */
export function renameWay(node: RuleNode, key: string, name: string): RuleNode {
  return withWays(
    node,
    listAt(node, 'ways').map((way) => {
      if (!isWay(way, key)) return way;
      const { name: _name, ...rest } = way;
      return name === '' ? rest : { ...rest, name };
    }),
  );
}

export function setWayLogic(node: RuleNode, key: string, logic: JSONValue): RuleNode {
  return withWays(
    node,
    listAt(node, 'ways').map((way) => (isWay(way, key) ? { ...way, logic } : way)),
  );
}

/** The way before the one that is now at `index`; past the end: last. */
export function moveWay(node: RuleNode, key: string, index: number): RuleNode {
  const ways = listAt(node, 'ways');
  const from = ways.findIndex((way) => isWay(way, key));
  const moved = ways[from];
  if (moved === undefined || index === from || index === from + 1) return node;
  return withWays(node, ways.toSpliced(from, 1).toSpliced(index > from ? index - 1 : index, 0, moved));
}
