/**
 * The expression tree. An object is an operator call only when it has exactly one key; every other object is a
 * literal that is never looked into. Nodes know their JSON Pointer in the logic as it was written.
 */
import { Broken, type Budget, MAX_DEPTH, MAX_NODES } from './budget';
import { isList, isObject, type JSONValue } from './json';

export type Fn = (data: JSONValue, budget: Budget) => JSONValue;

/** Put around each operator's closure when tracing; null compiles plainly. */
export type Wrap = ((node: Node, fn: Fn) => Fn) | null;

export interface Node {
  readonly kind: 'literal' | 'list' | 'call' | 'bad';
  /** "" for literals and lists. */
  readonly operator: string;
  readonly args: readonly Node[];
  /** Was the one argument written without a list? */
  readonly single: boolean;
  readonly path: string;
  /** JSON values, what one pass of a list operator costs. */
  readonly size: number;
  /** Of a literal. */
  readonly value: JSONValue;
  /** Of a bad call. */
  readonly reason: string;
  readonly message: string;
}

export interface Operator {
  readonly min: number;
  /** Infinity where any number will do. */
  readonly max: number;
  readonly compile: (node: Node, wrap: Wrap) => Fn;
}

export type Operators = ReadonlyMap<string, Operator>;

const EMPTY = { operator: '', args: [], single: false, size: 1, value: null, reason: '', message: '' };

export const literal = (value: JSONValue, path = ''): Node => ({
  ...EMPTY,
  kind: 'literal',
  path,
  value,
  size: typeof value === 'object' && value !== null ? count(value) : 1,
});

/** JSON values in a value; its depth is within the limit. */
function count(value: JSONValue): number {
  if (typeof value !== 'object' || value === null) return 1;
  let sum = 1;
  for (const item of isList(value) ? value : Object.values(value)) sum += count(item);
  return sum;
}

const segment = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

export function parse(logic: JSONValue, operators: Operators, path = ''): Node {
  if (isList(logic)) {
    const args = logic.map((item, index) => parse(item, operators, `${path}/${index}`));
    if (args.every((arg) => arg.kind === 'literal')) return literal(logic, path);
    return { ...EMPTY, kind: 'list', args, path, size: sizeOf(args) };
  }
  if (!isObject(logic)) return literal(logic, path);
  const entries = Object.entries(logic);
  const entry = entries[0];
  if (entries.length !== 1 || entry === undefined) return literal(logic, path);
  const [operator, body] = entry;
  const base = `${path}/${segment(operator)}`;
  const single = operator === 'preserve' || !isList(body);
  const args =
    operator === 'preserve'
      ? [literal(body, base)]
      : isList(body)
        ? body.map((item, index) => parse(item, operators, `${base}/${index}`))
        : [parse(body, operators, base)];
  const node: Node = { ...EMPTY, kind: 'call', operator, args, single, path, size: sizeOf(args) };
  const known = operators.get(operator);
  if (known === undefined) {
    return {
      ...node,
      kind: 'bad',
      reason: 'unknown-operator',
      message: `There is no operator "${operator}".`,
    };
  }
  if (args.length < known.min || args.length > known.max) {
    const message = `"${operator}" does not take ${args.length} arguments.`;
    return { ...node, kind: 'bad', reason: 'bad-arguments', message };
  }
  return node;
}

const sizeOf = (args: readonly Node[]): number => args.reduce((sum, arg) => sum + arg.size, 1);

/** Why a value is too deep or too large to be logic, null where it is not. Does not recurse. */
export function overLimit(value: JSONValue): Broken | null {
  const stack: { item: JSONValue; depth: number }[] = [{ item: value, depth: 1 }];
  let count = 1;
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { item, depth } = top;
    if (typeof item !== 'object' || item === null) continue;
    if (depth > MAX_DEPTH) return new Broken('', 'too-deep', 'This is nested more than 32 levels deep.');
    const children = isList(item) ? item : Object.values(item);
    count += children.length;
    if (count > MAX_NODES) return new Broken('', 'too-big', 'This has more than 2,000 values.');
    for (const child of children) {
      if (typeof child === 'object' && child !== null) stack.push({ item: child, depth: depth + 1 });
    }
  }
  return null;
}
