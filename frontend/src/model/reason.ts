/**
 * Why a rule did not run, comparison by comparison, in the words of the rule itself. Pure but for the words handed in.
 *
 * A flip is one comparison that decided: where it stands in a condition, what it saw, how it would have to come out.
 */
import { pathsIn } from './condition';
import { conditionWords } from './conditionWords';
import { isList, isObject, type JSONValue } from './json';
import { toTree } from './recognise';
import type { Words } from './wording';

export type FlipLike = {
  readonly node: string;
  /** JSON Pointer inside the condition's logic. */
  readonly path: string;
  readonly relation: string;
  readonly seen: unknown;
  readonly values?: readonly unknown[] | undefined;
  readonly kind?: string | undefined;
};

export type Need =
  | { readonly kind: 'compare'; readonly condition: string; readonly seen: string }
  | { readonly kind: 'already'; readonly field: string; readonly seen: string }
  | { readonly kind: 'set' | 'unset'; readonly field: string; readonly seen: string };

const OPPOSITE: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/** The value at a JSON Pointer; undefined where there is none. */
export function partAt(logic: JSONValue, pointer: string): JSONValue | undefined {
  let part: JSONValue | undefined = logic;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isList(part)) part = part[Number(key)];
    else if (isObject(part) && Object.hasOwn(part, key)) part = part[key];
    else return undefined;
  }
  return part;
}

/** The comparison as it would have to be: itself, its opposite, or "not" of it; a literal that stands first goes last. */
export function wanted(logic: JSONValue, relation: string): JSONValue {
  if (!isObject(logic)) return logic;
  const [operator = ''] = Object.keys(logic);
  const args = logic[operator];
  if (relation === `not ${operator}`) return { '!': [logic] };
  if (!isList(args) || args.length !== 2 || !Object.hasOwn(OPPOSITE, operator)) return logic;
  const [left = null, right = null] = args;
  const turned = pathsIn(left).length === 0 && pathsIn(right).length > 0;
  return { [relation]: turned ? [right, left] : [left, right] };
}

function json(value: unknown): JSONValue {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** What one flip needed and what it saw; null where the rule's logic has no such place (any more). */
export function needOf(flip: FlipLike, logic: JSONValue, words: Words): Need | null {
  const part = partAt(logic, flip.path);
  if (part === undefined) return null;
  const path = pathsIn(part)[0] ?? null;
  const seen = words.value(json(flip.seen), path);
  if (flip.kind === 'already' && path !== null) {
    return { kind: 'already', field: words.field(path.replace(/^before\./, 'after.')), seen };
  }
  if (isObject(part) && 'var' in part && path !== null) {
    return { kind: flip.relation === 'is set' ? 'set' : 'unset', field: words.field(path), seen };
  }
  const shown = wanted(part, flip.relation);
  const values = flip.values ?? [];
  const both = pathsIn(part).length > 1 && values.length === 2;
  return {
    kind: 'compare',
    condition: conditionWords(toTree(shown), words),
    seen: both
      ? words.list(
          values.map((value) => words.value(json(value), path)),
          'and',
        )
      : seen,
  };
}

/** The needs of several flips, without a guard ("has a value") where the guarded comparison is needed as well. */
export function needsOf(
  flips: readonly FlipLike[],
  logicOf: (node: string) => JSONValue | undefined,
  words: Words,
): Need[] {
  const isGuard = (flip: FlipLike): boolean => {
    const part = partAt(logicOf(flip.node) ?? null, flip.path);
    return isObject(part) && isList(part['!==']) && part['!=='][1] === null;
  };
  const fieldOf = (flip: FlipLike): string =>
    pathsIn(partAt(logicOf(flip.node) ?? null, flip.path) ?? null)[0] ?? '';
  return flips.flatMap((flip) => {
    const guarded = isGuard(flip) && flips.some((one) => !isGuard(one) && fieldOf(one) === fieldOf(flip));
    const logic = logicOf(flip.node);
    const need = guarded || logic === undefined ? null : needOf(flip, logic, words);
    return need === null ? [] : [need];
  });
}
