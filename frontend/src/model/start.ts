/**
 * "A field changes from … to …" in the start step. The document knows only which columns matter; from and to are
 * the first If: every step stands in its Yes, nothing in its No. Written and read here, so both views agree.
 */
import { type Comparison, type Op, type Term, toLogic } from './condition';
import { freshId, slotAfter } from './edit';
import { textsAt } from './json';
import { toTree } from './recognise';
import { type IfStep, placeOf, type Rule, type Slot } from './rule';
import { isOff } from './switched';

export type StartChange = { readonly column: string; readonly from: Term | null; readonly to: Term | null };

function guardStep(rule: Rule): { step: IfStep; comparison: Comparison } | null {
  const [step, ...rest] = rule.steps;
  if (step?.kind !== 'if' || isOff(step.node) || rest.length > 0 || step.no.length > 0) return null;
  const comparison = toTree(step.node['logic'] ?? null);
  if (comparison.kind !== 'comparison') return null;
  const told: readonly Op[] = ['changedTo', 'changedFrom', 'changedFromTo'];
  return told.includes(comparison.op) ? { step, comparison } : null;
}

/** What the start asks of the change, null where the rule does not start with one column's change. */
export function startChange(rule: Rule): StartChange | null {
  const [column, ...others] = textsAt(rule.trigger, 'columns');
  if (column === undefined || others.length > 0) return null;
  const guard = guardStep(rule);
  if (!guard || guard.comparison.field !== `after.${column}`) return { column, from: null, to: null };
  const [a = null, b = null] = guard.comparison.args;
  if (guard.comparison.op === 'changedTo') return { column, from: null, to: a };
  return guard.comparison.op === 'changedFrom' ? { column, from: a, to: null } : { column, from: a, to: b };
}

/** The rule starting when this column changes so. The If in front appears, changes or goes; its steps stay. */
export function setStartChange(rule: Rule, change: StartChange): Rule {
  const guard = guardStep(rule);
  const trigger = { ...rule.trigger, columns: [change.column] };
  const steps = guard ? guard.step.yes : rule.steps;
  if (!change.from && !change.to) return { ...rule, trigger, steps };
  const op: Op = change.from && change.to ? 'changedFromTo' : change.to ? 'changedTo' : 'changedFrom';
  const args = [change.from, change.to].filter((term): term is Term => term !== null);
  const logic = toLogic({ kind: 'comparison', field: `after.${change.column}`, op, args, guards: [] });
  const node = { id: guard?.step.node.id ?? freshId(rule, 'c'), kind: 'condition', logic };
  return { ...rule, trigger, steps: [{ kind: 'if', node, yes: steps, no: [] }] };
}

/**
 * Where a new step belongs that is added after `id` (null: at the end). An If that is still empty takes it into its
 * Yes; so does the If that only says from and to, for what the rule does is what it does after that change.
 */
export function slotForNew(rule: Rule, id: string | null): Slot {
  const step = id === null ? undefined : placeOf(rule, id)?.step;
  if (step?.kind === 'if' && step.yes.length === 0) return { parent: step.node.id, branch: 'yes', index: 0 };
  const told = startChange(rule);
  const guard = told?.from || told?.to ? guardStep(rule)?.step : undefined;
  if (!guard || (step && step !== guard)) return slotAfter(rule, id);
  const first = step === guard || id === rule.trigger.id;
  return { parent: guard.node.id, branch: 'yes', index: first ? 0 : guard.yes.length };
}

/** The rule without the If that only says from and to (when another start is chosen). */
export function dropStartChange(rule: Rule): Rule {
  const guard = guardStep(rule);
  return guard ? { ...rule, steps: guard.step.yes } : rule;
}
