/** Where in a form a problem belongs: places are pointers inside a step, such as `fields/set/owner`. Pure. */
import { beforeOf, type Comparison, type Condition, type Mode } from './condition';
import { valueAt } from './fix';
import { isObject, type JSONValue } from './json';
import { toTree } from './recognise';

const INSIDE: Readonly<Record<Mode, string>> = {
  all: '/and',
  any: '/or',
  none: '/!/0/or',
  notall: '/!/0/and',
};

export type Part = {
  /** Indexes in the tree that the form shows, joined by dots; '' is the whole. */
  readonly at: string;
  /** Where this part is written, as a pointer inside the logic. */
  readonly pointer: string;
  readonly part: Condition;
};

/** Every group and row of a condition with the place where it is written. */
export function partsOf(logic: JSONValue): readonly Part[] {
  const walk = (part: Condition, at: string, pointer: string): Part[] => [
    { at, pointer, part },
    ...(part.kind === 'group'
      ? part.items.flatMap((item, index) =>
          walk(item, at === '' ? String(index) : `${at}.${index}`, `${pointer}${INSIDE[part.mode]}/${index}`),
        )
      : []),
  ];
  const tree = toTree(logic);
  // The form shows a single comparison as the only row of a group.
  return tree.kind === 'group' ? walk(tree, '', '') : walk(tree, '0', '');
}

/** The place of each row and group of a condition, by its place in the tree. */
export function placesOf(logic: JSONValue): ReadonlyMap<string, string> {
  return new Map(partsOf(logic).map(({ at, pointer }) => [at, `logic${pointer}`]));
}

export type Side = 'field' | 'value';

function reads(logic: JSONValue | undefined, row: Comparison): boolean {
  const path = isObject(logic) ? logic['var'] : undefined;
  return row.field !== null && (path === row.field || path === beforeOf(row.field));
}

/** Which side of a row a problem is about: its field where it points at that, else what it is compared with. */
export function sideOf(logic: JSONValue, place: string): Side | null {
  const pointer = place.replace(/^logic/, '');
  const rows = partsOf(logic).filter((one) => one.part.kind === 'comparison' && within(pointer, one.pointer));
  const row = rows.at(-1)?.part;
  if (row?.kind !== 'comparison') return null;
  if (row.field === null || reads(valueAt(logic, pointer), row)) return 'field';
  return row.args.length === 0 && pointer !== '' ? 'field' : 'value';
}

function within(pointer: string, place: string): boolean {
  return `${pointer}/`.startsWith(`${place}/`);
}

/** The nearest of these places that a problem lies in; null where none holds it. */
export function nearestPlace(place: string, places: Iterable<string>): string | null {
  let best: string | null = null;
  for (const one of places) {
    if (within(place, one) && (best === null || one.length > best.length)) best = one;
  }
  return best;
}
