/** Equality and order: each neighbouring pair must hold, left to right, stopping at the first that does not. */
import type { Budget } from '../budget';
import { children } from '../compile';
import type { JSONValue } from '../json';
import type { Operator } from '../tree';
import { compareText, looselySame, numberOf, same } from '../values';

type Pair = (left: JSONValue, right: JSONValue, budget: Budget, path: string) => boolean;

const chain = (holds: Pair): Operator => ({
  min: 2,
  max: Number.POSITIVE_INFINITY,
  compile: (node, wrap) => {
    const [first, ...rest] = children(node, wrap);
    return (data, budget) => {
      let previous: JSONValue = first === undefined ? null : first(data, budget);
      for (const arg of rest) {
        const value = arg(data, budget);
        if (!holds(previous, value, budget, node.path)) return false;
        previous = value;
      }
      return true;
    };
  },
});

const order = (holds: (sign: number) => boolean): Operator =>
  chain((left, right, _budget, path) => {
    if (typeof left === 'string' && typeof right === 'string') return holds(compareText(left, right));
    const a = numberOf(left, path);
    const b = numberOf(right, path);
    return holds(a < b ? -1 : a > b ? 1 : 0);
  });

export const compare: [string, Operator][] = [
  ['===', chain(same)],
  ['!==', chain((left, right, budget, path) => !same(left, right, budget, path))],
  ['==', chain(looselySame)],
  ['!=', chain((left, right, budget, path) => !looselySame(left, right, budget, path))],
  ['<', order((sign) => sign < 0)],
  ['<=', order((sign) => sign <= 0)],
  ['>', order((sign) => sign > 0)],
  ['>=', order((sign) => sign >= 0)],
];
