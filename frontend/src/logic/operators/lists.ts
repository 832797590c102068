/** Lists: map, filter, reduce, all, some, none, merge. Each pass costs as many steps as the body has nodes. */
import { type Budget, LIST_ITEM_COST } from '../budget';
import { child, children, compile } from '../compile';
import { isList, type JSONValue } from '../json';
import { type Fn, literal, type Node, type Operator } from '../tree';
import { truthy } from '../values';

type Pass = (
  items: readonly JSONValue[] | null,
  each: (item: JSONValue) => JSONValue,
  budget: Budget,
) => JSONValue;

/** The body sees the item as its data. It is not traced: it has one value per item. */
const perItem = (pass: (node: Node) => Pass): Operator => ({
  min: 2,
  max: 2,
  compile: (node, wrap) => {
    const itemsFn = child(node, 0, wrap);
    const { body, cost } = bodyOf(node);
    const run = pass(node);
    return (data, budget) => {
      const items = itemsFn(data, budget);
      const each = (item: JSONValue): JSONValue => {
        budget.spend(cost, node.path);
        return body(item, budget);
      };
      return run(isList(items) ? items : null, each, budget);
    };
  },
});

function bodyOf(node: Node): { body: Fn; cost: number } {
  const [, body = literal(null)] = node.args;
  return { body: compile(body, null), cost: body.size };
}

const map = perItem((node) => (items, each, budget) => {
  const made: JSONValue[] = [];
  for (const item of items ?? []) {
    const value = each(item);
    budget.produce(LIST_ITEM_COST, node.path);
    made.push(value);
  }
  return made;
});

const filter = perItem((node) => (items, each, budget) => {
  const kept: JSONValue[] = [];
  for (const item of items ?? []) {
    if (truthy(each(item))) {
      budget.produce(LIST_ITEM_COST, node.path);
      kept.push(item);
    }
  }
  return kept;
});

const all = perItem(() => (items, each) => {
  if (items === null || items.length === 0) return false;
  return items.every((item) => truthy(each(item)));
});
const some = perItem(() => (items, each) => items?.some((item) => truthy(each(item))) ?? false);
const none = perItem(() => (items, each) => !items?.some((item) => truthy(each(item))));

const reduce: Operator = {
  min: 2,
  max: 3,
  compile: (node, wrap) => {
    const itemsFn = child(node, 0, wrap);
    const { body, cost } = bodyOf(node);
    const start = node.args.length > 2 ? child(node, 2, wrap) : null;
    return (data, budget) => {
      const items = itemsFn(data, budget);
      let value: JSONValue = start === null ? null : start(data, budget);
      if (!isList(items)) return value;
      for (const item of items) {
        budget.spend(cost, node.path);
        value = body({ current: item, accumulator: value }, budget);
      }
      return value;
    };
  },
};

const merge: Operator = {
  min: 0,
  max: Number.POSITIVE_INFINITY,
  compile: (node, wrap) => {
    const args = children(node, wrap);
    return (data, budget) => {
      const merged: JSONValue[] = [];
      for (const arg of args) {
        const value = arg(data, budget);
        const items = isList(value) ? value : [value];
        budget.produce(LIST_ITEM_COST * items.length, node.path);
        for (const item of items) merged.push(item);
      }
      return merged;
    };
  },
};

export const lists: [string, Operator][] = [
  ['map', map],
  ['filter', filter],
  ['all', all],
  ['some', some],
  ['none', none],
  ['reduce', reduce],
  ['merge', merge],
];
