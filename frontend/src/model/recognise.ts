/**
 * JSON Logic → condition tree. Strict: a part is recognised only if writing it again gives exactly the same logic;
 * everything else is an `advanced` leaf that holds the logic verbatim. So reading and writing changes nothing, ever.
 */
import {
  beforeOf,
  type Comparison,
  type Condition,
  fieldsOf,
  type Mode,
  type Op,
  ORDERING,
  type Term,
  toLogic,
  type Unit,
} from './condition';
import { isList, isObject, type JSONValue, same } from './json';
import { pathOf } from './today';

type Call = { readonly op: string; readonly args: readonly JSONValue[] };

function call(logic: JSONValue | undefined): Call | null {
  if (!isObject(logic)) return null;
  const entries = Object.entries(logic);
  const [entry] = entries;
  return entry && entries.length === 1 && isList(entry[1]) ? { op: entry[0], args: entry[1] } : null;
}

const UNITS: readonly string[] = ['minutes', 'hours', 'days', 'weeks', 'months'] satisfies Unit[];
const isUnit = (value: JSONValue | undefined): value is Unit =>
  typeof value === 'string' && UNITS.includes(value);

function term(logic: JSONValue): Term | null {
  if (!isObject(logic)) {
    return isList(logic) ? null : { kind: 'value', value: logic };
  }
  const path = pathOf(logic);
  if (path !== null && path !== 'now') return { kind: 'field', path };
  const { op, args } = call(logic) ?? { op: '', args: [] };
  const [from, amount, unit] = args;
  if (op !== 'date_add' || pathOf(from) !== 'now' || typeof amount !== 'number' || !isUnit(unit)) return null;
  return { kind: 'moment', amount, unit };
}

function terms(list: readonly JSONValue[]): Term[] | null {
  const read = list.map(term);
  return read.every((one): one is Term => one !== null) ? read : null;
}

function comparison(
  field: string | null,
  op: Op,
  args: readonly Term[] | null,
  loose = false,
): Comparison | null {
  if (args === null) return null;
  return { kind: 'comparison', field, op, args, guards: [], ...(loose ? { loose: true as const } : {}) };
}

const BINARY: Readonly<Record<string, Op>> = {
  '===': 'is',
  '!==': 'isNot',
  '==': 'is',
  '!=': 'isNot',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  starts_with: 'startsWith',
  ends_with: 'endsWith',
};

function within(args: readonly JSONValue[], listed: Op, contained: Op): Comparison | null {
  const [a, b] = args;
  if (a === undefined || b === undefined || args.length !== 2) return null;
  const first = pathOf(a);
  if (first !== null && isList(b)) {
    return b.every((item) => !isList(item) && !isObject(item))
      ? comparison(first, listed, b.length === 0 ? [] : [{ kind: 'value', value: b }])
      : null;
  }
  const second = pathOf(b);
  return second === null ? null : comparison(second, contained, a === '' ? [] : terms([a]));
}

function single(logic: JSONValue): Comparison | null {
  const made = call(logic);
  if (!made) return null;
  const { op, args } = made;
  const [first, ...others] = args;
  const field = pathOf(first);
  if (op === '===' && args.length === 0) return comparison(null, 'is', []);
  if (op === 'in') return within(args, 'oneOf', 'contains');
  if (op === 'is_empty') return field !== null && args.length === 1 ? comparison(field, 'isEmpty', []) : null;
  if (op === '!') return negated(call(first), args.length);
  if (op === '<=' && args.length === 3) {
    const [low = null, middle, high = null] = args;
    const bounds = [low, high].filter((bound) => bound !== null);
    return low === null && high !== null ? null : comparison(pathOf(middle), 'between', terms(bounds));
  }
  if (op === '!==' && field?.startsWith('before.') && args.length === 2) {
    const now = pathOf(others[0]);
    if (now?.startsWith('after.') && beforeOf(now) === field) return comparison(now, 'changed', []);
  }
  if (args.length === 2 && args[1] === null && (op === '===' || op === '!==')) {
    return comparison(field, op === '===' ? 'isNull' : 'notNull', field === null ? null : []);
  }
  const known = Object.hasOwn(BINARY, op) ? BINARY[op] : undefined;
  if (known === undefined || field === null || args.length > 2) return null;
  return comparison(field, known, terms(others), op === '==' || op === '!=');
}

function negated(inner: Call | null, count: number): Comparison | null {
  if (!inner || count !== 1) return null;
  if (inner.op === 'in') return within(inner.args, 'notOneOf', 'notContains');
  const field = pathOf(inner.args[0]);
  return inner.op === 'is_empty' && field !== null && inner.args.length === 1
    ? comparison(field, 'hasValue', [])
    : null;
}

/** `before.x` against one value and `after.x` against another: a change in words. */
function change(items: readonly JSONValue[]): Comparison | null {
  const [was, is] = items.map(call);
  if (items.length !== 2 || !was || !is) return null;
  const field = pathOf(is.args[0]);
  const before = pathOf(was.args[0]);
  if (!field?.startsWith('after.') || before !== beforeOf(field)) return null;
  const args = terms([...was.args.slice(1), ...is.args.slice(1)]);
  const ops = `${was.op} ${is.op}`;
  if (args === null) return null;
  if (ops === '=== ===') {
    return comparison(
      field,
      'changedFromTo',
      args.every((one) => one.kind === 'value' && one.value === null) ? [] : args,
    );
  }
  if (ops === '!== ===') return comparison(field, 'changedTo', args.slice(0, 1));
  return ops === '=== !==' ? comparison(field, 'changedFrom', args.slice(0, 1)) : null;
}

/** `x !== null` in front of an ordering of x: the comparison, looked at only when x is not empty. */
function withGuards(items: readonly JSONValue[]): Comparison | null {
  const last = items.at(-1);
  const inner = last === undefined || items.length < 2 ? null : single(last);
  if (!inner || !ORDERING.includes(inner.op)) return null;
  const guards: string[] = [];
  for (const item of items.slice(0, -1)) {
    const made = call(item);
    const path = pathOf(made?.args[0]);
    if (made?.op !== '!==' || made.args.length !== 2 || made.args[1] !== null || path === null) return null;
    if (!fieldsOf(inner).includes(path) || guards.includes(path)) return null;
    guards.push(path);
  }
  return { ...inner, guards };
}

function group(mode: Mode, items: readonly JSONValue[]): Condition {
  return { kind: 'group', mode, items: items.map(toTree) };
}

/** What the logic may mean, the narrowest first. */
function guesses(logic: JSONValue): readonly (Condition | null)[] {
  const made = call(logic);
  if (!made) return [];
  if (made.op === 'and') return [change(made.args), withGuards(made.args), group('all', made.args)];
  if (made.op === 'or') return [group('any', made.args)];
  const inner = made.op === '!' && made.args.length === 1 ? call(made.args[0]) : null;
  if (inner?.op === 'or') return [single(logic), group('none', inner.args)];
  return inner?.op === 'and' ? [single(logic), group('notall', inner.args)] : [single(logic)];
}

export function toTree(logic: JSONValue): Condition {
  const tree = guesses(logic).find((one) => one !== null && same(toLogic(one), logic));
  return tree ?? { kind: 'advanced', logic };
}

/** The tree with a group at its root, as the editor shows it. */
export function toGroup(logic: JSONValue): Extract<Condition, { kind: 'group' }> {
  const tree = toTree(logic);
  return tree.kind === 'group' ? tree : { kind: 'group', mode: 'all', items: [tree] };
}
