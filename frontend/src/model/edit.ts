/** Edit commands: a rule in, another rule or a named refusal out. They never throw and never touch their input. */

import { isRuleNode } from './graph';
import { isList, isObject, type JSONValue } from './json';
import {
  type Branch,
  indexOf,
  placeOf,
  type Refusal,
  ROOT,
  type Rule,
  type RuleNode,
  type Slot,
  type Step,
  sequenceAt,
} from './rule';

export type Edited = Rule | Refusal;

const refuse = (reason: Refusal['reason']): Refusal => ({ kind: 'refusal', reason });

/** An id that no step of the rule has: the prefix and the smallest free number. */
export function freshId(rule: Rule, prefix: string, taken: ReadonlySet<string> = new Set()): string {
  const used = indexOf(rule).places;
  for (let number = 1; ; number += 1) {
    const id = `${prefix}${number}`;
    if (!used.has(id) && id !== rule.trigger.id && !taken.has(id)) return id;
  }
}

export function stepFrom(node: RuleNode): Step {
  return node.kind === 'condition' ? { kind: 'if', node, yes: [], no: [] } : { kind: 'plain', node };
}

type Change = (steps: readonly Step[]) => readonly Step[];

/** Applies `change` to one sequence; every step outside the way to it keeps its identity. */
function inSequence(rule: Rule, parent: string, branch: Branch, change: Change): Rule {
  if (parent === ROOT) return { ...rule, steps: change(rule.steps) };
  const place = placeOf(rule, parent);
  if (place?.step.kind !== 'if' || branch === 'main') return rule;
  const changed: Step = { ...place.step, [branch]: change(place.step[branch]) };
  return replace(rule, place.slot, changed);
}

function replace(rule: Rule, slot: Slot, step: Step): Rule {
  return inSequence(rule, slot.parent, slot.branch, (steps) =>
    steps.map((old, at) => (at === slot.index ? step : old)),
  );
}

function mayStand(steps: readonly Step[] | undefined, index: number): Refusal | null {
  if (!steps || index < 0 || index > steps.length) return refuse('no-such-place');
  return steps[index - 1]?.node.kind === 'end' ? refuse('after-the-end') : null;
}

function put(rule: Rule, slot: Slot, added: readonly Step[]): Edited {
  const refusal = mayStand(sequenceAt(rule, slot.parent, slot.branch), slot.index);
  if (refusal) return refusal;
  return inSequence(rule, slot.parent, slot.branch, (steps) => steps.toSpliced(slot.index, 0, ...added));
}

export function insertStep(rule: Rule, slot: Slot, node: RuleNode): Edited {
  return put(rule, slot, [stepFrom(node)]);
}

function take(rule: Rule, slot: Slot, instead: readonly Step[] = []): Rule {
  return inSequence(rule, slot.parent, slot.branch, (steps) => steps.toSpliced(slot.index, 1, ...instead));
}

/** Removes a step; of an If, `keep` says which side stays in its place. */
export function removeStep(rule: Rule, id: string, keep: 'yes' | 'no' | 'nothing' = 'nothing'): Edited {
  if (id === rule.trigger.id) return refuse('the-start-stays');
  const place = placeOf(rule, id);
  if (!place) return refuse('no-such-step');
  const kept = place.step.kind === 'if' && keep !== 'nothing' ? place.step[keep] : [];
  return take(rule, place.slot, kept);
}

function holds(step: Step, id: string): boolean {
  if (step.node.id === id) return true;
  return step.kind === 'if' && [...step.yes, ...step.no].some((inner) => holds(inner, id));
}

/** Moves a step, with all that is inside it, to another place. */
export function moveStep(rule: Rule, id: string, slot: Slot): Edited {
  if (id === rule.trigger.id) return refuse('the-start-stays');
  const place = placeOf(rule, id);
  if (!place) return refuse('no-such-step');
  if (holds(place.step, slot.parent)) return refuse('into-itself');
  const { parent, branch, index } = place.slot;
  const sameRow = parent === slot.parent && branch === slot.branch;
  if (sameRow && (slot.index === index || slot.index === index + 1)) return rule;
  const shifted = sameRow && slot.index > index ? { ...slot, index: slot.index - 1 } : slot;
  return put(take(rule, place.slot), shifted, [place.step]);
}

/** Where one step up or down leads: past a neighbour, or out of the branch at its ends. */
export function nudge(rule: Rule, id: string, direction: 'up' | 'down'): Slot | null {
  const place = placeOf(rule, id);
  if (!place) return null;
  const { parent, branch, index } = place.slot;
  const row = sequenceAt(rule, parent, branch) ?? [];
  if (direction === 'up' && index > 0) return { parent, branch, index: index - 1 };
  if (direction === 'down' && index < row.length - 1) return { parent, branch, index: index + 2 };
  const owner = placeOf(rule, parent);
  if (!owner) return null;
  return direction === 'up' ? owner.slot : { ...owner.slot, index: owner.slot.index + 1 };
}

/** Puts another node in a step's place (its id and its branches stay). */
export function updateStep(rule: Rule, id: string, node: RuleNode): Edited {
  const kept = { ...node, id };
  if (id === rule.trigger.id) return { ...rule, trigger: kept };
  const place = placeOf(rule, id);
  if (!place) return refuse('no-such-step');
  if (place.step.kind === 'if') return replace(rule, place.slot, { ...place.step, node: kept });
  return replace(rule, place.slot, { kind: 'plain', node: kept });
}

/** Puts a copy of some steps into a place, under ids of this rule; references among them follow. */
export function pasteSteps(rule: Rule, slot: Slot, steps: readonly Step[]): Edited {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const name = (step: Step): void => {
    const id = freshId(rule, step.node.id.replace(/\d+$/, '') || 's', taken);
    names.set(step.node.id, id);
    taken.add(id);
    if (step.kind === 'if') [...step.yes, ...step.no].forEach(name);
  };
  steps.forEach(name);
  const copy = (step: Step): Step => {
    const renamed = rename(step.node, names);
    const node = isRuleNode(renamed)
      ? { ...renamed, id: names.get(step.node.id) ?? step.node.id }
      : step.node;
    return step.kind === 'if'
      ? { kind: 'if', node, yes: step.yes.map(copy), no: step.no.map(copy) }
      : { kind: 'plain', node };
  };
  return put(rule, slot, steps.map(copy));
}

/** Follows renamed steps inside `{"var": "steps.<id>.…"}`. */
function rename(value: JSONValue, names: ReadonlyMap<string, string>): JSONValue {
  if (isList(value)) return value.map((item) => rename(item, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== 'var' || typeof inner !== 'string') return [key, rename(inner, names)];
      const [root, id = '', ...rest] = inner.split('.');
      const fresh = root === 'steps' ? names.get(id) : undefined;
      return [key, fresh === undefined ? inner : ['steps', fresh, ...rest].join('.')];
    }),
  );
}

/** A copy of the step, right below it. */
export function duplicate(rule: Rule, id: string): Edited {
  if (id === rule.trigger.id) return refuse('the-start-stays');
  const place = placeOf(rule, id);
  if (!place) return refuse('no-such-step');
  return pasteSteps(rule, { ...place.slot, index: place.slot.index + 1 }, [place.step]);
}

/** The place right after a step: below it, or first inside nothing for the start. */
export function slotAfter(rule: Rule, id: string | null): Slot {
  const place = id === null ? undefined : placeOf(rule, id);
  if (place) return { ...place.slot, index: place.slot.index + 1 };
  if (id === rule.trigger.id) return { parent: ROOT, branch: 'main', index: 0 };
  return { parent: ROOT, branch: 'main', index: rule.steps.length };
}

/** Which step stands in a place, e.g. after a paste. */
export function stepAt(rule: Rule, slot: Slot): Step | undefined {
  return sequenceAt(rule, slot.parent, slot.branch)?.[slot.index];
}

/** One part of the rule's policy; everything else that it carries stays. */
export function setPolicy(rule: Rule, key: 'overlap' | 'unknown' | 'limit', word: string | number): Rule {
  const policy = rule.head['policy'];
  return { ...rule, head: { ...rule.head, policy: { ...(isObject(policy) ? policy : {}), [key]: word } } };
}

export function renameRule(rule: Rule, name: string): Rule {
  return { ...rule, head: { ...rule.head, name } };
}
