/**
 * The expression tree. An object is an operator call only when it has exactly one key; every other object is a
 * literal that is never looked into. Nodes know their JSON Pointer in the logic as it was written.
 */
import { Broken, type Budget, MAX_DEPTH, MAX_NODES } from './budget';
import { isContainer, isList, isObject, type JSONObject, type JSONValue } from './json';

export type Fn = (data: JSONValue, budget: Budget) => JSONValue;

/** Put around each operator's closure when tracing; null compiles plainly. */
export type Wrap = ((node: Node, fn: Fn) => Fn) | null;

export type Node = Unit | Call;

interface Shared {
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

interface Unit extends Shared {
  readonly kind: 'literal' | 'list' | 'bad';
}

interface Call extends Shared {
  readonly kind: 'call';
  readonly does: Operator;
}

export interface Operator {
  readonly min: number;
  /** Infinity where any number will do. */
  readonly max: number;
  readonly compile: (node: Node, wrap: Wrap) => Fn;
}

export type Operators = ReadonlyMap<string, Operator>;

const node = (
  kind: Unit['kind'],
  operator: string,
  args: readonly Node[],
  single: boolean,
  path: string,
  size: number,
  value: JSONValue = null,
  reason = '',
  message = '',
): Unit => ({ kind, operator, args, single, path, size, value, reason, message });

export const literal = (value: JSONValue, path = ''): Node =>
  node('literal', '', [], false, path, typeof value === 'object' && value !== null ? count(value) : 1, value);

/** JSON values in a value; its depth is within the limit. */
function count(value: JSONValue): number {
  if (typeof value !== 'object' || value === null) return 1;
  let sum = 1;
  for (const item of isList(value) ? value : Object.values(value)) sum += count(item);
  return sum;
}

const segment = (part: string): string =>
  /[~/]/.test(part) ? part.replaceAll('~', '~0').replaceAll('/', '~1') : part;

export function parse(logic: JSONValue, operators: Operators, path = ''): Node {
  if (isList(logic)) {
    if (!logic.some(isContainer)) return literal(logic, path);
    const args = logic.map((item, index) => parse(item, operators, `${path}/${index}`));
    if (args.every((arg) => arg.kind === 'literal')) return literal(logic, path);
    return node('list', '', args, false, path, sizeOf(args));
  }
  if (!isObject(logic)) return literal(logic, path);
  const [operator, another] = Object.keys(logic);
  const body = operator === undefined ? undefined : logic[operator];
  if (operator === undefined || body === undefined || another !== undefined) return literal(logic, path);
  const base = `${path}/${segment(operator)}`;
  const single = operator === 'preserve' || !isList(body);
  const args =
    operator === 'preserve'
      ? [literal(body, base)]
      : isList(body)
        ? body.map((item, index) => parse(item, operators, `${base}/${index}`))
        : [parse(body, operators, base)];
  const size = sizeOf(args);
  const known = operators.get(operator);
  if (known === undefined) {
    const words = `There is no operator "${operator}".`;
    return node('bad', operator, args, single, path, size, null, 'unknown-operator', words);
  }
  if (args.length < known.min || args.length > known.max) {
    const words = `"${operator}" does not take ${args.length} arguments.`;
    return node('bad', operator, args, single, path, size, null, 'bad-arguments', words);
  }
  return { ...node('list', operator, args, single, path, size), kind: 'call', does: known };
}

function sizeOf(args: readonly Node[]): number {
  let size = 1;
  for (const arg of args) size += arg.size;
  return size;
}

/** Why a value is too deep or too large to be logic, null where it is not. Level by level: does not recurse. */
export function overLimit(value: JSONValue): Broken | null {
  let level = [value].filter(isContainer);
  let count = 1;
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return new Broken('', 'too-deep', 'This is nested more than 32 levels deep.');
    const below: (readonly JSONValue[] | JSONObject)[] = [];
    for (const item of level) {
      const children = isList(item) ? item : Object.values(item);
      count += children.length;
      if (count > MAX_NODES) return new Broken('', 'too-big', 'This has more than 2,000 values.');
      for (const child of children) if (isContainer(child)) below.push(child);
    }
    level = below;
  }
  return null;
}
