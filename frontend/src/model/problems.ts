/** What is wrong, by step: what the builder sees at once (something is not filled in) and what the check found. */
import { arity, type Condition, leaves } from './condition';
import { isRuleNode } from './graph';
import { isList, isObject, type JSONObject, type JSONValue, objectAt, textAt } from './json';
import { toTree } from './recognise';
import { nodeOf, type Rule, type RuleNode, stepIds } from './rule';

export type StepProblem = {
  /** A key of the builder's texts (`unfilled`), or the code of a found problem. */
  readonly code: string;
  readonly message: string | null;
  readonly severity: 'error' | 'warning';
  readonly step: string;
  /** Which field of the form, e.g. `to` or `set.owner`. */
  readonly field: string;
  readonly args: JSONObject;
};

export type FoundProblem = {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly severity?: 'error' | 'warning' | undefined;
  readonly node?: string | null | undefined;
  readonly args?: JSONObject | undefined;
};

function unfilled(node: RuleNode): { code: string; field: string }[] {
  switch (node.kind) {
    case 'trigger':
      return unfilledStart(node);
    case 'condition':
      return unfilledCondition(toTree(node['logic'] ?? null)).map((code) => ({ code, field: 'logic' }));
    case 'wait': {
      const amount = node['amount'];
      return typeof amount === 'number' && amount > 0 ? [] : [{ code: 'enter-amount', field: 'amount' }];
    }
    case 'action':
      return unfilledAction(textAt(node, 'do'), objectAt(node, 'fields'));
    default:
      return [];
  }
}

function unfilledStart(node: RuleNode): { code: string; field: string }[] {
  if (textAt(node, 'on') !== 'change') return [];
  if (textAt(node, 'table') === '') return [{ code: 'choose-table', field: 'table' }];
  const events = node['events'];
  return isList(events) && events.length > 0 ? [] : [{ code: 'choose-event', field: 'events' }];
}

function unfilledCondition(tree: Condition): string[] {
  if (tree.kind === 'group' && tree.items.length === 0) return ['add-condition'];
  const codes = leaves(tree).flatMap(({ leaf }) => {
    if (leaf.kind === 'advanced') return [];
    if (leaf.field === null) return ['choose-field'];
    if (leaf.args.length >= arity(leaf.op))
      return outOfOrder(
        leaf.op,
        leaf.args.map((arg) => (arg.kind === 'value' ? arg.value : null)),
      );
    return [leaf.op === 'between' ? 'enter-both' : 'enter-value'];
  });
  return [...new Set(codes)];
}

function outOfOrder(op: string, [low, high]: JSONValue[]): string[] {
  return op === 'between' && typeof low === 'number' && typeof high === 'number' && low > high
    ? ['first-larger']
    : [];
}

const blank = (value: JSONValue | undefined): boolean =>
  value === undefined || value === null || value === '' || (isList(value) && value.length === 0);

function unfilledAction(kind: string, fields: JSONObject): { code: string; field: string }[] {
  const needs = (field: string, code: string) => (blank(fields[field]) ? [{ code, field }] : []);
  switch (kind) {
    case 'send_email':
      return [
        ...needs('to', 'choose-recipient'),
        ...needs('subject', 'write-subject'),
        ...needs('body', 'write-message'),
      ];
    case 'notify':
      return needs('title', 'write-title');
    case 'call_webhook':
      return needs('url', 'enter-address');
    case 'create_record':
      return [...needs('table', 'choose-table'), ...unfilledSet(fields, blank)];
    case 'update_record':
      return unfilledSet(fields, () => false);
    default:
      return [];
  }
}

/** `empty`: which values say nothing. Clearing a field of a record is something; an empty field of a new one is not. */
function unfilledSet(
  fields: JSONObject,
  empty: (value: JSONValue) => boolean,
): { code: string; field: string }[] {
  const set = Object.entries(objectAt(fields, 'set'));
  if (set.length === 0) return [{ code: 'choose-what-to-set', field: 'set' }];
  return set.flatMap(([column, value]) => {
    if (isObject(value) && value['var'] === 'after.')
      return [{ code: 'choose-field', field: `set.${column}` }];
    return empty(value) ? [{ code: 'enter-value', field: `set.${column}` }] : [];
  });
}

/** What is not filled in yet, in reading order. */
export function unfilledProblems(rule: Rule): StepProblem[] {
  return stepIds(rule).flatMap((step) => {
    const node = nodeOf(rule, step);
    return node
      ? unfilled(node).map((one) => ({ ...one, message: null, severity: 'error' as const, step, args: {} }))
      : [];
  });
}

/** Which node a found problem is about: named, or by its place in the checked document. */
function stepOf(problem: FoundProblem, checked: JSONObject): string {
  if (problem.node) return problem.node;
  const index = /^\/nodes\/(\d+)/.exec(problem.path)?.[1];
  const nodes = checked['nodes'];
  const node = index === undefined || !isList(nodes) ? undefined : nodes[Number(index)];
  return isRuleNode(node) ? node.id : '';
}

/**
 * All problems by step id ('' = the rule as a whole). A step that is not filled in shows only that: what the check
 * says about it follows from it.
 */
export function problemsByStep(
  rule: Rule,
  found: readonly FoundProblem[],
  checked: JSONObject,
): ReadonlyMap<string, readonly StepProblem[]> {
  const byStep = new Map<string, StepProblem[]>();
  for (const problem of unfilledProblems(rule)) {
    byStep.set(problem.step, [...(byStep.get(problem.step) ?? []), problem]);
  }
  const open = new Set(byStep.keys());
  for (const problem of found) {
    const step = stepOf(problem, checked);
    if (open.has(step) || (step !== '' && !nodeOf(rule, step))) continue;
    const one: StepProblem = {
      code: problem.code,
      message: problem.message,
      severity: problem.severity ?? 'error',
      step,
      field: problem.path.replace(/^\/nodes\/\d+\/?/, '').replace(/^fields\//, ''),
      args: problem.args ?? {},
    };
    byStep.set(step, [...(byStep.get(step) ?? []), one]);
  }
  return byStep;
}
