/**
 * The browser's evaluator of dialect 1: the mirror of backend core/logic, kept equal by shared-schemas/vectors.
 * Errors are values: nothing here throws or hangs, whatever the logic and the data are.
 */
import { Broken, Budget, LIST_ITEM_COST, MAX_DEPTH, MAX_PRODUCED, tooBig } from './budget';
import { lengthOf } from './characters';
import { compile } from './compile';
import { isContainer, isList, type JSONValue } from './json';
import { OPERATORS } from './table';
import { type Fn, type Node, overLimit, parse } from './tree';
import { truthy } from './values';

export type { JSONObject, JSONValue } from './json';

export type Failure = { ok: false; path: string; reason: string; message: string };
export type Outcome = { ok: true; value: JSONValue } | Failure;

/** One sub-expression: where it is, what it came to; `truth` is null where it was not reached. */
export interface Seen {
  path: string;
  operator: string;
  truth: boolean | 'error' | null;
  value: JSONValue;
  values: JSONValue[];
}

/** The value of JSON Logic for these data, or where and why it has none. */
export function evaluate(logic: JSONValue, data: JSONValue): Outcome {
  return compiled(logic)(data);
}

/** Compile once, evaluate often. */
export function compiled(logic: JSONValue): (data: JSONValue) => Outcome {
  const over = overLimit(logic);
  if (over !== null) return () => failure(over);
  const fn = compile(parse(logic, OPERATORS), null);
  return (data) => run(fn, data, new Budget());
}

/** The outcome and what every operator call saw, in document order; bodies of list operators are left out. */
export function trace(logic: JSONValue, data: JSONValue): { outcome: Outcome; seen: Seen[] } {
  const over = overLimit(logic);
  if (over !== null) return { outcome: failure(over), seen: [] };
  const root = parse(logic, OPERATORS);
  const budget = new Budget(new Map());
  const outcome = run(compile(root, watch), data, budget);
  return { outcome, seen: visible(root).map((node) => seenOf(node, budget)) };
}

function run(fn: Fn, data: JSONValue, budget: Budget): Outcome {
  try {
    const value = fn(data, budget);
    measure(value);
    return { ok: true, value };
  } catch (error) {
    if (error instanceof Broken) return failure(error);
    throw error;
  }
}

const failure = (broken: Broken): Failure => ({
  ok: false,
  path: broken.path,
  reason: broken.reason,
  message: broken.message,
});

/**
 * Results must be writable: what is shared inside counts as often as it appears. Level by level, each value once with
 * the times that it appears: lists that hold themselves twice end soon.
 */
function measure(value: JSONValue): void {
  if (!isContainer(value)) return;
  let level = new Map<JSONValue, number>([[value, 1]]);
  let left = MAX_PRODUCED - LIST_ITEM_COST;
  for (let depth = 1; level.size > 0; depth += 1) {
    const below = new Map<JSONValue, number>();
    let deeper = false;
    for (const [item, times] of level) {
      if (typeof item === 'string') left -= lengthOf(item) * times;
      if (!isContainer(item)) continue;
      deeper = true;
      const items = isList(item) ? item : Object.values(item);
      left -= LIST_ITEM_COST * items.length * times;
      if (left < 0) throw tooBig('');
      for (const one of items)
        if (typeof one === 'string' || isContainer(one)) below.set(one, (below.get(one) ?? 0) + times);
    }
    if (left < 0) throw tooBig('');
    if (deeper && depth > 4 * MAX_DEPTH)
      throw new Broken('', 'too-deep', 'The result is nested more than 128 levels deep.');
    level = below;
  }
}

function watch(node: Node, fn: Fn): Fn {
  return (data, budget) => {
    try {
      const value = fn(data, budget);
      budget.seen.set(node.path, { done: true, value });
      return value;
    } catch (error) {
      budget.seen.set(node.path, { done: false });
      throw error;
    }
  };
}

const PER_ITEM = new Set(['map', 'filter', 'reduce', 'all', 'some', 'none']);

const visible = (node: Node): Node[] => [
  ...(node.operator === '' ? [] : [node]),
  ...node.args.flatMap((arg, index) =>
    node.kind === 'call' && PER_ITEM.has(node.operator) && index === 1 ? [] : visible(arg),
  ),
];

function seenOf(node: Node, budget: Budget): Seen {
  const found = budget.seen.get(node.path);
  const { path, operator } = node;
  if (found === undefined) return { path, operator, truth: null, value: null, values: [] };
  const values = node.args.map((arg) => argumentValue(arg, budget));
  if (!found.done) return { path, operator, truth: 'error', value: null, values };
  return { path, operator, truth: truthy(found.value), value: found.value, values };
}

function argumentValue(node: Node, budget: Budget): JSONValue {
  if (node.kind === 'literal') return node.value;
  if (node.kind === 'list') return node.args.map((arg) => argumentValue(arg, budget));
  const found = budget.seen.get(node.path);
  return found?.done ? found.value : null;
}
