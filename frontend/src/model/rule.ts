/**
 * A rule as the builder edits it: a tree. A sequence of steps; a condition splits into Yes and No, a choose into its
 * ways, which rejoin where they split; an action may have a failed path beside it. The document's edge graph is read and written by `graph.ts`.
 *
 * Nodes stay the JSON objects that the document holds, so nothing that the builder does not know is ever lost.
 */
import type { JSONObject } from './json';
import { sidesOf } from './ways';

export type RuleNode = JSONObject & { readonly id: string; readonly kind: string };

export type PlainStep = { readonly kind: 'plain'; readonly node: RuleNode };
export type IfStep = {
  readonly kind: 'if';
  readonly node: RuleNode;
  readonly yes: readonly Step[];
  readonly no: readonly Step[];
};
/**
 * A choose, or an action with paths beside it: for when it fails, for other answers. The ways of a choose join below it.
 * An action has those paths alone where they `stop`, else also the way that it goes when it worked, and all join.
 * A list has what is done for each of its items, and that always `stops`.
 */
export type SplitStep = {
  readonly kind: 'split';
  readonly node: RuleNode;
  readonly ways: readonly Way[];
  readonly stops: boolean;
};
export type Step = PlainStep | IfStep | SplitStep;
/** A side of a step. */
export type Way = { readonly branch: Branch; readonly steps: readonly Step[] };

export type Rule = {
  readonly kind: 'rule';
  /** The document without `nodes` and `edges`: dialect, name, description, policy, whatever else it carries. */
  readonly head: JSONObject;
  readonly trigger: RuleNode;
  readonly steps: readonly Step[];
};

/** What the user asked for cannot be done; `reason` is a key of the builder's texts. */
export type Refusal = {
  readonly kind: 'refusal';
  readonly reason:
    | 'no-such-step'
    | 'into-itself'
    | 'the-start-stays'
    | 'no-such-place'
    | 'after-the-end'
    | 'in-a-circle';
};

/** `main` at the top; `yes` and `no` of a condition; `failed`, `refused`, `late` and `done` of an action; `each` of a list; a way's key or `otherwise`. */
export type Branch = string;

/** A place between steps: before the step that is now at `index` of that sequence. `parent` is `root` at the top. */
export type Slot = { readonly parent: string; readonly branch: Branch; readonly index: number };

export const ROOT = 'root';

export function slotName(slot: Slot): string {
  return `${slot.parent}:${slot.branch}:${slot.index}`;
}

export function slotFrom(name: string): Slot | null {
  const match = /^([^:]+):([\w-]+):(\d+)$/.exec(name);
  if (!match) return null;
  const [, parent = '', branch = '', index] = match;
  return { parent, branch, index: Number(index) };
}

export type Place = {
  readonly step: Step;
  readonly slot: Slot;
  readonly depth: number;
  /** The sequence that it stands in, and the If around that. */
  readonly row: readonly Step[];
  readonly above: IfPlace | null;
};
export type IfPlace = Place & { readonly step: IfStep | SplitStep };

type Index = { readonly places: ReadonlyMap<string, Place>; readonly order: readonly string[] };
const indexes = new WeakMap<Rule, Index>();

/** Every step by id and the reading order (start first). Built once per rule value. */
export function indexOf(rule: Rule): Index {
  const known = indexes.get(rule);
  if (known) return known;
  const places = new Map<string, Place>();
  const order: string[] = [rule.trigger.id];
  const walk = (row: readonly Step[], above: IfPlace | null, branch: Branch, depth: number): void => {
    const parent = above === null ? ROOT : above.step.node.id;
    row.forEach((step, index) => {
      const slot = { parent, branch, index };
      order.push(step.node.id);
      if (step.kind === 'plain') {
        places.set(step.node.id, { step, slot, depth, row, above });
      } else {
        const place: IfPlace = { step, slot, depth, row, above };
        places.set(step.node.id, place);
        for (const side of sidesOf(step)) walk(side.steps, place, side.branch, depth + 1);
      }
    });
  };
  walk(rule.steps, null, 'main', 0);
  const built = { places, order };
  indexes.set(rule, built);
  return built;
}

export function placeOf(rule: Rule, id: string): Place | undefined {
  return indexOf(rule).places.get(id);
}

export function nodeOf(rule: Rule, id: string): RuleNode | undefined {
  return id === rule.trigger.id ? rule.trigger : placeOf(rule, id)?.step.node;
}

export function stepIds(rule: Rule): readonly string[] {
  return indexOf(rule).order;
}

function isIf(place: Place): place is IfPlace {
  return place.step.kind !== 'plain';
}

/** The step with sides of that id; null where there is none, and for the root. */
export function ifAt(rule: Rule, id: string): IfPlace | null {
  const place = placeOf(rule, id);
  return place && isIf(place) ? place : null;
}

/** The steps of the sequence that a slot lies in; undefined where there is no such sequence. */
export function sequenceAt(rule: Rule, parent: string, branch: Branch): readonly Step[] | undefined {
  if (branch === 'main') return parent === ROOT ? rule.steps : undefined;
  const step = ifAt(rule, parent)?.step;
  return step && sidesOf(step).find((side) => side.branch === branch)?.steps;
}

export function countSteps(steps: readonly Step[]): number {
  return steps.reduce(
    (sum, step) => sum + 1 + sidesOf(step).reduce((inside, side) => inside + countSteps(side.steps), 0),
    0,
  );
}

/** Only what the drawing depends on: which steps, in which order and nesting. */
export function shapeOf(rule: Rule): string {
  const walk = (steps: readonly Step[]): string =>
    steps
      .map((step) =>
        step.kind === 'if'
          ? `${step.node.id}(${walk(step.yes)}|${walk(step.no)})`
          : step.kind === 'split'
            ? `${step.node.id}${step.stops ? '!' : ''}(${step.ways.map((way) => `${way.branch}=${walk(way.steps)}`).join('|')})`
            : `${step.node.id}:${step.node.kind}`,
      )
      .join(',');
  return `${rule.trigger.id}>${walk(rule.steps)}`;
}
