/** Arithmetic. One argument that is not written as a list may be a list of numbers: {"+": {"var": "amounts"}}. */
import { Broken } from '../budget';
import { children } from '../compile';
import { isList, type JSONValue } from '../json';
import type { Operator } from '../tree';
import { clean, numberOf } from '../values';

type Two = (a: number, b: number) => number;

const fold = (name: string, min: number, start: number | null, two: Two): [string, Operator] => [
  name,
  {
    min,
    max: Number.POSITIVE_INFINITY,
    compile: (node, wrap) => {
      const args = children(node, wrap);
      const opens = node.single && name !== '%';
      const step: Two = (a, b) => clean(two(a, b), node.path);
      const [left, right] = args;
      if (left !== undefined && right !== undefined && args.length === 2) {
        return (data, budget) => {
          const a = left(data, budget);
          const b = right(data, budget);
          return step(numberOf(a, node.path), numberOf(b, node.path));
        };
      }
      return (data, budget) => {
        let values: readonly JSONValue[] = args.map((arg) => arg(data, budget));
        const [only] = values;
        if (opens && only !== undefined && isList(only)) {
          values = only;
          budget.spend(values.length, node.path);
        }
        const [first, ...rest] = values.map((value) => numberOf(value, node.path));
        if (first === undefined) {
          if (start === null)
            throw new Broken(node.path, 'bad-arguments', `"${name}" needs at least one number.`);
          return start;
        }
        if (rest.length === 0) {
          if (name === '-') return clean(-first, node.path);
          if (name === '/') return step(1, first);
        }
        return clean(rest.reduce(step, first), node.path);
      };
    },
  },
];

export const numbers: [string, Operator][] = [
  fold('+', 0, 0, (a, b) => a + b),
  fold('*', 0, 1, (a, b) => a * b),
  fold('-', 1, null, (a, b) => a - b),
  fold('/', 1, null, (a, b) => (b === 0 ? Number.NaN : a / b)),
  fold('%', 2, null, (a, b) => a % b),
  fold('min', 1, null, (a, b) => Math.min(a, b)),
  fold('max', 1, null, (a, b) => Math.max(a, b)),
];
