/**
 * Steps as text, for the clipboard: copied in one rule, pasted in another, also in another window. Also understood:
 * one step's JSON, and a whole rule's, whose steps are taken. Pure.
 */
import { isRuleNode, open } from './graph';
import { isList, isObject, type JSONValue } from './json';
import { parseJson } from './parseJson';
import type { RuleNode, Step, Way } from './rule';
import { actionStep, chooseStep, sidesOf, waysIn } from './ways';

export type ClipRefusal = 'empty' | 'no-steps' | 'broken' | 'too-large';
export type ReadClip =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'refusal'; readonly reason: ClipRefusal };

const MARK = 'steps';
/** Characters: as much as a whole rule document may have. */
const LONGEST = 65_536;
const ID = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

export function clipText(steps: readonly Step[]): string {
  return JSON.stringify({ ruleyard: MARK, steps: steps.map(plainStep) }, null, 1);
}

function plainStep(step: Step): JSONValue {
  if (step.kind === 'if')
    return { node: step.node, yes: step.yes.map(plainStep), no: step.no.map(plainStep) };
  if (step.kind === 'plain') return { node: step.node };
  const ways = Object.fromEntries(step.ways.map((way) => [way.branch, way.steps.map(plainStep)]));
  return { node: step.node, ways, ...(step.stops ? { stops: true } : {}) };
}

/** The steps that a text holds, or why it holds none. */
export function readClip(text: string): ReadClip {
  if (text.trim() === '') return refuse('empty');
  if (text.length > LONGEST) return refuse('too-large');
  const parsed = parseJson(text);
  if (parsed.kind === 'error' || !isObject(parsed.value)) return refuse('no-steps');
  const value = parsed.value;
  if (value['ruleyard'] === MARK) return sound(isList(value['steps']) ? value['steps'].map(stepOf) : []);
  if (isRuleNode(value))
    return value.kind === 'trigger' ? refuse('no-steps') : sound([stepOf({ node: value })]);
  if (!isList(value['nodes'])) return refuse('no-steps');
  const opened = open(value);
  return opened.kind === 'rule' ? sound(opened.steps) : refuse('broken');
}

const refuse = (reason: ClipRefusal): ReadClip => ({ kind: 'refusal', reason });

function stepOf(value: JSONValue): Step | null {
  if (!isObject(value)) return null;
  const { node, yes = [], no = [] } = value;
  if (!isRuleNode(node)) return null;
  const { ways = {} } = value;
  if (!isList(yes) || !isList(no) || !isObject(ways)) return null;
  if (node.kind === 'condition') {
    const [left, right] = [stepsOf(yes), stepsOf(no)];
    return left && right ? { kind: 'if', node, yes: left, no: right } : null;
  }
  const sides = Object.entries(ways).map(([branch, steps]) => ({ branch, steps: stepsOf(steps) }));
  const read = sides.flatMap(({ branch, steps }): Way[] => (steps ? [{ branch, steps }] : []));
  if (read.length < sides.length) return null;
  if (node.kind === 'choose') return chooseStep(node, read);
  const stops = value['stops'] === true || read.length === 0 || node.kind === 'for_each';
  return actionStep(node, read, stops);
}

function stepsOf(side: JSONValue): readonly Step[] | null {
  if (!isList(side)) return null;
  const steps = side.map(stepOf);
  const known = steps.filter((step) => step !== null);
  return known.length === steps.length ? known : null;
}

function sound(steps: readonly (Step | null)[]): ReadClip {
  const seen = new Set<string>();
  const holds = (step: Step | null): boolean => {
    if (step === null || !isStepNode(step.node) || seen.has(step.node.id)) return false;
    seen.add(step.node.id);
    return sidesOf(step).every((side) => side.steps.every(holds));
  };
  const whole = (list: readonly (Step | null)[]): list is readonly Step[] => list.every(holds);
  if (steps.length === 0) return refuse('no-steps');
  return whole(steps) ? { kind: 'steps', steps } : refuse('broken');
}

function isStepNode(node: RuleNode): boolean {
  if (!ID.test(node.id)) return false;
  if (node.kind === 'action') return typeof node['do'] === 'string';
  if (node.kind === 'choose') return waysIn(node).length > 0;
  if (node.kind === 'for_each') return Object.hasOwn(node, 'over');
  return node.kind === 'condition'
    ? Object.hasOwn(node, 'logic')
    : node.kind === 'wait' || node.kind === 'end';
}
