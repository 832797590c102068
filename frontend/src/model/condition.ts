/**
 * The condition tree that people edit, and the JSON Logic it is written as.
 *
 * Written so that it reads back: guards against empty fields and "changed from … to …" have one exact form each
 * (`recognise.ts` knows them); whatever has another form stays an `advanced` leaf, kept verbatim.
 */
import { isList, isObject, type JSONObject, type JSONValue } from './json';
import { pathOf, variable } from './today';

export type Mode = 'all' | 'any' | 'none' | 'notall';
export type Unit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months';

/** What a field is compared with: a value, another field, or a moment counted from now (negative = ago). */
export type Term =
  | { readonly kind: 'value'; readonly value: JSONValue }
  | { readonly kind: 'field'; readonly path: string }
  | { readonly kind: 'moment'; readonly amount: number; readonly unit: Unit };

export const OPS = [
  'is',
  'isNot',
  'lt',
  'le',
  'gt',
  'ge',
  'between',
  'oneOf',
  'notOneOf',
  'contains',
  'notContains',
  'startsWith',
  'endsWith',
  'isEmpty',
  'hasValue',
  'isNull',
  'notNull',
  'changed',
  'changedTo',
  'changedFrom',
  'changedFromTo',
] as const;
export type Op = (typeof OPS)[number];

export type Comparison = {
  readonly kind: 'comparison';
  /** `after.status`; null while nothing is chosen. */
  readonly field: string | null;
  readonly op: Op;
  /** As many as are filled in; see `arity`. */
  readonly args: readonly Term[];
  /** Fields that may be empty and are looked at only when they are not. */
  readonly guards: readonly string[];
  /** Written with `==`, as imported rules are. */
  readonly loose?: true;
};
export type Group = { readonly kind: 'group'; readonly mode: Mode; readonly items: readonly Condition[] };
export type Advanced = { readonly kind: 'advanced'; readonly logic: JSONValue };
export type Condition = Group | Comparison | Advanced;

/** The other side is a field that nobody has chosen yet. It reads back as such. */
export const NO_FIELD = 'after.';

export const EMPTY: Comparison = { kind: 'comparison', field: null, op: 'is', args: [], guards: [] };

export const ORDERING: readonly Op[] = ['lt', 'le', 'gt', 'ge', 'between'];
const SYMBOL = { lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

export function arity(op: Op): 0 | 1 | 2 {
  switch (op) {
    case 'isEmpty':
    case 'hasValue':
    case 'isNull':
    case 'notNull':
    case 'changed':
      return 0;
    case 'between':
    case 'changedFromTo':
      return 2;
    default:
      return 1;
  }
}

/** The same field before the change: `after.x` → `before.x`. */
export function beforeOf(path: string): string {
  return path.replace(/^after\./, 'before.');
}

const not = (logic: JSONValue): JSONObject => ({ '!': [logic] });

function termLogic(term: Term): JSONValue {
  switch (term.kind) {
    case 'value':
      return term.value;
    case 'field':
      return variable(term.path);
    case 'moment':
      return { date_add: [{ var: 'now' }, term.amount, term.unit] };
  }
}

function bare(c: Comparison, field: string): JSONValue {
  const x = variable(field);
  const args = c.args.slice(0, arity(c.op)).map(termLogic);
  const [a, b] = args;
  switch (c.op) {
    case 'is':
      return c.loose ? { '==': [x, ...args] } : { '===': [x, ...args] };
    case 'isNot':
      return c.loose ? { '!=': [x, ...args] } : { '!==': [x, ...args] };
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return { [SYMBOL[c.op]]: [x, ...args] };
    case 'between':
      return { '<=': [a ?? null, x, b ?? null] };
    case 'oneOf':
      return { in: [x, a ?? []] };
    case 'notOneOf':
      return not({ in: [x, a ?? []] });
    case 'contains':
      return { in: [a ?? '', x] };
    case 'notContains':
      return not({ in: [a ?? '', x] });
    case 'startsWith':
      return { starts_with: [x, ...args] };
    case 'endsWith':
      return { ends_with: [x, ...args] };
    case 'isEmpty':
      return { is_empty: [x] };
    case 'hasValue':
      return not({ is_empty: [x] });
    case 'isNull':
      return { '===': [x, null] };
    case 'notNull':
      return { '!==': [x, null] };
    case 'changed':
      return { '!==': [variable(beforeOf(field)), x] };
    case 'changedTo':
      return { and: [{ '!==': [variable(beforeOf(field)), ...args] }, { '===': [x, ...args] }] };
    case 'changedFrom':
      return { and: [{ '===': [variable(beforeOf(field)), ...args] }, { '!==': [x, ...args] }] };
    case 'changedFromTo':
      return { and: [{ '===': [variable(beforeOf(field)), a ?? null] }, { '===': [x, b ?? null] }] };
  }
}

/** The condition as JSON Logic. */
export function toLogic(condition: Condition): JSONValue {
  switch (condition.kind) {
    case 'advanced':
      return condition.logic;
    case 'group': {
      const items = condition.items.map(toLogic);
      const joined = condition.mode === 'any' || condition.mode === 'none' ? { or: items } : { and: items };
      return condition.mode === 'none' || condition.mode === 'notall' ? not(joined) : joined;
    }
    case 'comparison': {
      if (condition.field === null) return { '===': [] };
      const logic = bare(condition, condition.field);
      if (condition.guards.length === 0) return logic;
      return { and: [...condition.guards.map((path) => ({ '!==': [variable(path), null] })), logic] };
    }
  }
}

/** The fields that a comparison reads. */
export function fieldsOf(comparison: Comparison): string[] {
  const others = comparison.args.filter((term) => term.kind === 'field').map((term) => term.path);
  return [...new Set(comparison.field === null ? others : [comparison.field, ...others])];
}

/**
 * The comparison with the guards it needs: ordering and text search over fields that may be empty. `mayBeEmpty`
 * answers per path.
 */
export function guarded(comparison: Comparison, mayBeEmpty: (path: string) => boolean): Comparison {
  const needs = ORDERING.includes(comparison.op);
  return { ...comparison, guards: needs ? fieldsOf(comparison).filter(mayBeEmpty) : [] };
}

/** Every comparison in the tree, with its place as a list of indexes. */
export function leaves(
  condition: Condition,
  at: readonly number[] = [],
): { leaf: Comparison | Advanced; at: readonly number[] }[] {
  if (condition.kind !== 'group') return [{ leaf: condition, at }];
  return condition.items.flatMap((item, index) => leaves(item, [...at, index]));
}

/** The tree with the part at this place changed (null removes it). */
export function changeAt(
  condition: Condition,
  at: readonly number[],
  change: (part: Condition) => Condition | null,
): Condition | null {
  const [first, ...rest] = at;
  if (first === undefined) return change(condition);
  if (condition.kind !== 'group') return condition;
  const items = condition.items.flatMap((item, index) => {
    if (index !== first) return [item];
    const changed = changeAt(item, rest, change);
    return changed === null ? [] : [changed];
  });
  return { ...condition, items };
}

/** The field paths that any logic reads, in order. */
export function pathsIn(logic: JSONValue): string[] {
  if (isList(logic)) return logic.flatMap(pathsIn);
  if (!isObject(logic)) return [];
  const own = pathOf(logic);
  if (own !== null) return [own];
  return Object.entries(logic).flatMap(([key, inner]) => {
    if (key !== 'var') return pathsIn(inner);
    const path = isList(inner) ? inner[0] : inner;
    return typeof path === 'string' ? [path] : [];
  });
}
