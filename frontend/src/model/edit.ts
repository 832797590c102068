/** Edit commands: a rule in, another rule or a named refusal out. They never throw and never touch their input. */

import { copiesOf, freeId, type Taken } from './copies';
import { isObject, type JSONValue } from './json';
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
  type SplitStep,
  type Step,
  sequenceAt,
} from './rule';
import { actionStep, chooseStep, DONE, FAILED, sidesOf, stepFrom, withSides } from './ways';

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

/** Puts a sequence in the place of another; every step outside the way to it keeps its identity. */
function withRow(rule: Rule, above: IfPlace | null, branch: Branch, row: readonly Step[]): Rule {
  if (above === null) return { ...rule, steps: row };
  return replace(
    rule,
    above,
    withSides(above.step, (way) => (way.branch === branch ? row : way.steps)),
  );
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

/** Removes a step; of one with sides, `keep` says which stays in its place. */
export function removeStep(rule: Rule, id: string, keep: Branch | 'nothing' = 'nothing'): Edited {
  if (id === rule.trigger.id) return refuse('the-start-stays');
  const place = placeOf(rule, id);
  if (!place) return refuse('no-such-step');
  const kept = sidesOf(place.step).find((side) => side.branch === keep)?.steps ?? [];
  return take(rule, place, kept);
}

function holds(step: Step, id: string): boolean {
  if (step.node.id === id) return true;
  return sidesOf(step).some((side) => side.steps.some((inner) => holds(inner, id)));
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

/** Puts another node in a step's place. Its id stays, and so do its sides; a choose has those that its ways say. */
export function updateStep(rule: Rule, id: string, node: RuleNode): Edited {
  const kept = { ...node, id };
  if (id === rule.trigger.id) return { ...rule, trigger: kept };
  const place = placeOf(rule, id);
  if (!place) return refuse('no-such-step');
  if (kept.kind === 'choose') return replace(rule, place, chooseStep(kept, sidesOf(place.step)));
  if (['action', 'wait'].includes(kept.kind) && place.step.kind !== 'if')
    return take(rule, place, acting(place.step, kept));
  return replace(rule, place, { ...place.step, node: kept });
}

/** An action with those of its paths that it may have; what it does when it worked stays behind it when none is left. */
function acting(step: Step, node: RuleNode, ways = sidesOf(step)): readonly Step[] {
  const made = actionStep(node, ways, step.kind !== 'split' || step.stops);
  const done = ways.find((way) => way.branch === DONE)?.steps ?? [];
  return made.kind === 'plain' ? [made, ...done] : [made];
}

/** Gives an action a path for when it fails. */
export function addFailed(rule: Rule, id: string): Edited {
  const place = placeOf(rule, id);
  if (place?.step.node.kind !== 'action') return refuse('no-such-step');
  const { step } = place;
  const sides = sidesOf(step);
  if (sides.some((side) => side.branch === FAILED)) return refuse('no-such-step');
  return take(rule, place, acting(step, step.node, [...sides, { branch: FAILED, steps: [] }]));
}

/** The action that has paths beside it. */
function failedAt(rule: Rule, id: string): (Place & { step: SplitStep }) | null {
  const place = placeOf(rule, id);
  return place?.step.kind === 'split' && place.step.node.kind === 'action'
    ? { ...place, step: place.step }
    : null;
}

/** Takes the failed path away, with what stands on it; what is done when it worked stays. */
export function removeFailed(rule: Rule, id: string): Edited {
  const place = failedAt(rule, id);
  if (!place) return refuse('no-such-step');
  const ways = place.step.ways.filter((way) => way.branch !== FAILED);
  return take(rule, place, acting(place.step, place.step.node, ways));
}

/** Does the run stop behind the paths beside an action or a wait, or go on with the step that follows? */
export function setStops(rule: Rule, id: string, stops: boolean): Edited {
  const place = placeOf(rule, id);
  if (place?.step.kind !== 'split' || !['action', 'wait'].includes(place.step.node.kind))
    return refuse('no-such-step');
  const { node, ways, stops: already } = place.step;
  if (already === stops) return rule;
  // An answer after which nothing is drawn ends the run, whatever the others do.
  const drawn = ways.filter((way) => way.steps.length > 0 || way.branch === FAILED);
  if (!stops) return replace(rule, place, actionStep(node, drawn, false));
  const done = ways.flatMap((way) => (way.branch === DONE ? way.steps : []));
  return take(rule, place, [actionStep(node, ways), ...done]);
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

/** One part of the rule's policy, or none of it; everything else that it carries stays. */
export function setPolicy(
  rule: Rule,
  key: 'overlap' | 'unknown' | 'limit' | 'hours' | 'once',
  value: JSONValue | undefined,
): Rule {
  const policy = rule.head['policy'];
  const { [key]: _, ...kept } = isObject(policy) ? policy : {};
  return { ...rule, head: { ...rule.head, policy: value === undefined ? kept : { ...kept, [key]: value } } };
}

export function renameRule(rule: Rule, name: string): Rule {
  return { ...rule, head: { ...rule.head, name } };
}
