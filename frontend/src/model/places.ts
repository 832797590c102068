/** Where in a form a problem belongs: places are pointers inside a step, such as `fields/set/owner`. Pure. */
import { arity, beforeOf, type Comparison, type Condition, type Mode } from './condition';
import { searches } from './finding';
import { valueAt } from './fix';
import { isObject, type JSONObject, type JSONValue, listAt, objectAt, textAt } from './json';
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

/** The place of each row and group of a condition, by its place in the tree. `at`: where the condition itself stands. */
export function placesOf(logic: JSONValue, at = 'logic'): ReadonlyMap<string, string> {
  return new Map(partsOf(logic).map((part) => [part.at, `${at}${part.pointer}`]));
}

/** The conditions of a step and where they stand in it: `logic`, `ways/0/logic` of a choose, `fields/where` of a search. */
export function logicsOf(node: JSONObject): readonly { readonly at: string; readonly logic: JSONValue }[] {
  if (node['kind'] === 'condition') return [{ at: 'logic', logic: node['logic'] ?? null }];
  if (node['kind'] === 'wait')
    return ['logic', 'where'].flatMap((at) => {
      const logic = node[at];
      return logic === undefined ? [] : [{ at, logic }];
    });
  if (node['kind'] !== 'choose') return whereOf(node);
  return listAt(node, 'ways').map((way, index) => ({
    at: `ways/${index}/logic`,
    logic: isObject(way) ? (way['logic'] ?? null) : null,
  }));
}

/** What a search asks of the records; nothing where it takes them all. */
function whereOf(node: JSONObject): ReturnType<typeof logicsOf> {
  const where = objectAt(node, 'fields')['where'] ?? null;
  return searches(textAt(node, 'do'), objectAt(node, 'fields')) && where !== true
    ? [{ at: 'fields/where', logic: where }]
    : [];
}

/** How a place inside a condition begins. */
export const IN_LOGIC = /^(ways\/\d+\/|fields\/)?(logic|where)/;

export type Side = 'field' | 'value';

function reads(logic: JSONValue | undefined, row: Comparison): boolean {
  const path = isObject(logic) ? logic['var'] : undefined;
  return row.field !== null && (path === row.field || path === beforeOf(row.field));
}

/** Which side of a row a problem is about: its field where it points at that, else what it is compared with. */
export function sideOf(logic: JSONValue, place: string): Side | null {
  const pointer = place.replace(IN_LOGIC, '');
  const rows = partsOf(logic).filter((one) => one.part.kind === 'comparison' && within(pointer, one.pointer));
  const row = rows.at(-1)?.part;
  if (row?.kind !== 'comparison') return null;
  if (row.field === null || reads(valueAt(logic, pointer), row)) return 'field';
  return arity(row.op) === 0 && pointer !== '' ? 'field' : 'value';
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
