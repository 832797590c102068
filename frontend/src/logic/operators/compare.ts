/** Equality and order: each neighbouring pair must hold, left to right, stopping at the first that does not. */
import { type Budget, CHARACTERS_A_STEP } from '../budget';
import { children } from '../compile';
import type { JSONValue } from '../json';
import type { Fn, Operator } from '../tree';
import { compareText, looselySame, numberOf, same } from '../values';

type Pair = (left: JSONValue, right: JSONValue, budget: Budget, path: string) => boolean;

/** A closure for a value against a literal, null where there is no shorter way. */
type Short = (read: Fn, value: JSONValue, path: string) => Fn | null;

const chain = (holds: Pair, short: Short): Operator => ({
  min: 2,
  max: Number.POSITIVE_INFINITY,
  compile: (node, wrap) => {
    const args = children(node, wrap);
    const [first, second, third] = args;
    if (first !== undefined && second !== undefined && third === undefined) {
      const literal = node.args[1];
      const found = literal?.kind === 'literal' ? short(first, literal.value, node.path) : null;
      return found ?? ((data, budget) => holds(first(data, budget), second(data, budget), budget, node.path));
    }
    return (data, budget) => {
      let previous: JSONValue | undefined;
      for (const arg of args) {
        const value = arg(data, budget);
        if (previous !== undefined && !holds(previous, value, budget, node.path)) return false;
        previous = value;
      }
      return true;
    };
  },
});

/** Everything but lists and objects is the same when JavaScript says so. */
const equalTo =
  (equal: boolean): Short =>
  (read, value) => {
    if (typeof value === 'object' && value !== null) return null;
    if (typeof value === 'string' && value.length >= CHARACTERS_A_STEP) return null;
    return equal
      ? (data, budget) => read(data, budget) === value
      : (data, budget) => read(data, budget) !== value;
  };

const never: Short = () => null;

type Numbers = (a: number, b: number) => boolean;

/** `texts`: what the sign of their order must be. */
const order = (numbers: Numbers, texts: (sign: number) => boolean): Operator =>
  chain(
    (left, right, budget, path) => {
      if (typeof left === 'string' && typeof right === 'string') {
        budget.read(left, right, path);
        return texts(compareText(left, right));
      }
      return numbers(numberOf(left, path), numberOf(right, path));
    },
    (read, value, path) => {
      if (typeof value !== 'number' || !Number.isFinite(value)) return null;
      return (data, budget) => {
        const seen = read(data, budget);
        return numbers(
          typeof seen === 'number' && Number.isFinite(seen) ? seen : numberOf(seen, path),
          value,
        );
      };
    },
  );

export const compare: [string, Operator][] = [
  ['===', chain(same, equalTo(true))],
  ['!==', chain((left, right, budget, path) => !same(left, right, budget, path), equalTo(false))],
  ['==', chain(looselySame, never)],
  ['!=', chain((left, right, budget, path) => !looselySame(left, right, budget, path), never)],
  [
    '<',
    order(
      (a, b) => a < b,
      (sign) => sign < 0,
    ),
  ],
  [
    '<=',
    order(
      (a, b) => a <= b,
      (sign) => sign <= 0,
    ),
  ],
  [
    '>',
    order(
      (a, b) => a > b,
      (sign) => sign > 0,
    ),
  ],
  [
    '>=',
    order(
      (a, b) => a >= b,
      (sign) => sign >= 0,
    ),
  ],
];
