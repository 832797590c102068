/** Edit commands: a rule in, another rule or a named refusal out. They never throw and never touch their input. */

import { copiesOf, freeId, type Taken } from './copies';
import { isObject } from './json';
import {
  type Branch,
  type IfPlace,
  ifAt,
  indexOf,
  type Place,
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

const takenIn = (rule: Rule): Taken => {
  const { places } = indexOf(rule);
  return (id) => places.has(id) || id === rule.trigger.id;
};

/** An id that no step of the rule has: the prefix and the smallest free number. */
export function freshId(rule: Rule, prefix: string): string {
  return freeId(prefix, takenIn(rule));
}

export function stepFrom(node: RuleNode): Step {
  return node.kind === 'condition' ? { kind: 'if', node, yes: [], no: [] } : { kind: 'plain', node };
}

/** Puts a sequence in the place of another; every step outside the way to it keeps its identity. */
function withRow(rule: Rule, above: IfPlace | null, branch: Branch, row: readonly Step[]): Rule {
  return above === null ? { ...rule, steps: row } : replace(rule, above, { ...above.step, [branch]: row });
}

function replace(rule: Rule, { row, above, slot }: Place, step: Step): Rule {
  return withRow(rule, above, slot.branch, row.with(slot.index, step));
}

function take(rule: Rule, { row, above, slot }: Place, instead: readonly Step[] = []): Rule {
  return withRow(rule, above, slot.branch, row.toSpliced(slot.index, 1, ...instead));
}

function put(rule: Rule, { parent, branch, index }: Slot, added: readonly Step[]): Edited {
  const row = sequenceAt(rule, parent, branch);
  if (!row || index < 0 || index > row.length) return refuse('no-such-place');
  if (row[index - 1]?.node.kind === 'end') return refuse('after-the-end');
  const stop = added.findIndex((step) => step.node.kind === 'end');
  if (stop >= 0 && (stop < added.length - 1 || index < row.length)) return refuse('after-the-end');
  return withRow(
    rule,
    branch === 'main' ? null : ifAt(rule, parent),
    branch,
    row.toSpliced(index, 0, ...added),
  );
}

export function insertStep(rule: Rule, slot: Slot, node: RuleNode): Edited {
  return put(rule, slot, [stepFrom(node)]);
}

/** Removes a step; of an If, `keep` says which side stays in its place. */
export function removeStep(rule: Rule, id: string, keep: 'yes' | 'no' | 'nothing' = 'nothing'): Edited {
  if (id === rule.trigger.id) return refuse('the-start-stays');
  const place = placeOf(rule, id);
  if (!place) return refuse('no-such-step');
  const kept = place.step.kind === 'if' && keep !== 'nothing' ? place.step[keep] : [];
  return take(rule, place, kept);
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
  return put(take(rule, place), shifted, [place.step]);
}

/** Where one step up or down leads: past a neighbour, or out of the branch at its ends. */
export function nudge(rule: Rule, id: string, direction: 'up' | 'down'): Slot | null {
  const place = placeOf(rule, id);
  if (!place) return null;
  const { row, above } = place;
  const { parent, branch, index } = place.slot;
  if (direction === 'up' && index > 0) return { parent, branch, index: index - 1 };
  if (direction === 'down' && index < row.length - 1) return { parent, branch, index: index + 2 };
  if (!above) return null;
  return direction === 'up' ? above.slot : { ...above.slot, index: above.slot.index + 1 };
}

/** Puts another node in a step's place (its id and its branches stay). */
export function updateStep(rule: Rule, id: string, node: RuleNode): Edited {
  const kept = { ...node, id };
  if (id === rule.trigger.id) return { ...rule, trigger: kept };
  const place = placeOf(rule, id);
  if (!place) return refuse('no-such-step');
  if (place.step.kind === 'if') return replace(rule, place, { ...place.step, node: kept });
  return replace(rule, place, { kind: 'plain', node: kept });
}

/** Puts a copy of some steps into a place, under ids of this rule; references among them follow. */
export function pasteSteps(rule: Rule, slot: Slot, steps: readonly Step[]): Edited {
  return put(rule, slot, copiesOf(steps, takenIn(rule)));
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
