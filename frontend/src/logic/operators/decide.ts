/** Operators that decide: and, or, if, !, !!, is_empty. What need not be evaluated is not. */
import { child, children } from '../compile';
import { isList, isObject, type JSONValue } from '../json';
import type { Fn, Node, Operator, Wrap } from '../tree';
import { truthy } from '../values';

const ANY = Number.POSITIVE_INFINITY;

/** `and` stops at the first falsy value, `or` at the first truthy one. */
const junction = (stopsAt: boolean): Operator => ({
  min: 0,
  max: ANY,
  compile: (node, wrap) => {
    const args = children(node, wrap);
    return (data, budget) => {
      let value: JSONValue = null;
      for (const arg of args) {
        value = arg(data, budget);
        if (value === stopsAt || (value !== !stopsAt && truthy(value) === stopsAt)) return value;
      }
      return value;
    };
  },
});

function compileIf(node: Node, wrap: Wrap): Fn {
  const args = children(node, wrap);
  return (data, budget) => {
    for (let index = 0; index + 1 < args.length; index += 2) {
      const condition = args[index];
      const value = args[index + 1];
      if (condition && value && truthy(condition(data, budget))) return value(data, budget);
    }
    const otherwise = args.length % 2 === 1 ? args[args.length - 1] : undefined;
    return otherwise === undefined ? null : otherwise(data, budget);
  };
}

const truth = (positive: boolean): Operator => ({
  min: 0,
  max: 1,
  compile: (node, wrap) => {
    if (node.args.length === 0) return () => !positive;
    const arg = child(node, 0, wrap);
    return (data, budget) => truthy(arg(data, budget)) === positive;
  },
});

export function empty(value: JSONValue): boolean {
  if (typeof value === 'string') return !/\S/.test(value);
  if (isList(value)) return value.length === 0;
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}

export const decide: [string, Operator][] = [
  ['and', junction(false)],
  ['or', junction(true)],
  ['if', { min: 0, max: ANY, compile: compileIf }],
  ['?:', { min: 0, max: ANY, compile: compileIf }],
  ['!', truth(false)],
  ['!!', truth(true)],
  [
    'is_empty',
    {
      min: 1,
      max: 1,
      compile: (node, wrap) => {
        const arg = child(node, 0, wrap);
        return (data, budget) => {
          const value = arg(data, budget);
          if (typeof value === 'string') budget.read(value, value, node.path);
          return empty(value);
        };
      },
    },
  ],
];
