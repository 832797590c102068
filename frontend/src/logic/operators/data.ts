/** Operators that read the data: var, missing, missing_some, preserve. Own keys and list positions only. */
import { Broken, type Budget, MAX_PATH } from '../budget';
import { lengthOf } from '../characters';
import { child, children } from '../compile';
import { isList, isObject, type JSONValue } from '../json';
import { type Fn, literal, type Node, type Operator, type Wrap } from '../tree';
import { numberOf, textOf } from '../values';

const POSITION = /^(?:0|[1-9][0-9]{0,8})$/;

const keysOf = (path: JSONValue, at: string): string[] => {
  const text = textOf(path, at);
  if (text.length > MAX_PATH && lengthOf(text) > MAX_PATH)
    throw new Broken(at, 'too-big', 'This path has more than 10,000 characters.');
  return text === '' ? [] : text.split('.');
};

/** undefined is told apart from a stored null. */
function lookUp(data: JSONValue, keys: readonly string[]): JSONValue | undefined {
  let value = data;
  for (const key of keys) {
    let next: JSONValue | undefined;
    if (isList(value)) next = POSITION.test(key) ? value[Number(key)] : undefined;
    else if (isObject(value)) next = Object.hasOwn(value, key) ? value[key] : undefined;
    if (next === undefined) return undefined;
    value = next;
  }
  return value;
}

/** A closure that reads a fixed path; null where there is nothing. */
export function reader(keys: readonly string[]): Fn {
  const [first, second] = keys;
  if (first === undefined || second === undefined || keys.length > 2)
    return (data) => lookUp(data, keys) ?? null;
  return (data) => {
    if (isObject(data) && Object.hasOwn(data, first)) {
      const inner = data[first];
      if (inner !== undefined && isObject(inner)) {
        return Object.hasOwn(inner, second) ? (inner[second] ?? null) : null;
      }
    }
    return lookUp(data, keys) ?? null;
  };
}

function compileVar(node: Node, wrap: Wrap): Fn {
  const [path] = node.args;
  if (path === undefined) return (data) => data;
  if (
    node.args.length < 2 &&
    path.kind === 'literal' &&
    (path.value === null || typeof path.value !== 'object') &&
    !(typeof path.value === 'string' && path.value.length > MAX_PATH)
  ) {
    return reader(keysOf(path.value, node.path));
  }
  const pathFn = child(node, 0, wrap);
  const otherwise = node.args.length > 1 ? child(node, 1, wrap) : null;
  return (data, budget) => {
    const found = lookUp(data, keysOf(pathFn(data, budget), node.path));
    if (found !== undefined) return found;
    return otherwise === null ? null : otherwise(data, budget);
  };
}

function missing(data: JSONValue, keys: readonly JSONValue[], budget: Budget, at: string): JSONValue[] {
  budget.spend(keys.length, at);
  return keys.filter((key) => {
    const found = lookUp(data, keysOf(key, at));
    return found === undefined || found === null || found === '';
  });
}

export const data: [string, Operator][] = [
  ['var', { min: 0, max: 2, compile: compileVar }],
  [
    'missing',
    {
      min: 0,
      max: Number.POSITIVE_INFINITY,
      compile: (node, wrap) => {
        const args = children(node, wrap);
        return (data, budget) => {
          const values = args.map((arg) => arg(data, budget));
          const [first] = values;
          return missing(data, first !== undefined && isList(first) ? first : values, budget, node.path);
        };
      },
    },
  ],
  [
    'missing_some',
    {
      min: 2,
      max: 2,
      compile: (node, wrap) => {
        const needFn = child(node, 0, wrap);
        const keysFn = child(node, 1, wrap);
        return (data, budget) => {
          const need = numberOf(needFn(data, budget), node.path);
          const keys = keysFn(data, budget);
          if (!isList(keys))
            throw new Broken(node.path, 'bad-arguments', 'missing_some needs a list of paths.');
          const absent = missing(data, keys, budget, node.path);
          return keys.length - absent.length >= need ? [] : absent;
        };
      },
    },
  ],
  [
    'preserve',
    {
      min: 0,
      max: Number.POSITIVE_INFINITY,
      compile: (node) => {
        const [{ value } = literal(null)] = node.args;
        return () => value;
      },
    },
  ],
];
