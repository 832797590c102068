/** The people that a step gives records to: rows of the form, as the rule holds them. Pure. */
import { isList, isObject, type JSONValue } from './json';

/** `weight`: a number, or an expression that gives one. */
export type PersonRow = { readonly person: JSONValue; readonly weight: JSONValue };

/** `{person, weight}`, or the person alone, who then has one turn in each round. */
export function personRow(item: JSONValue): PersonRow {
  if (!isObject(item)) return { person: item, weight: 1 };
  const { person, weight } = item;
  return person === undefined ? { person: item, weight: 1 } : { person, weight: weight ?? 1 };
}

export function personItem({ person, weight }: PersonRow): JSONValue {
  return weight === 1 ? person : { person, weight };
}

const isNobody = (person: JSONValue): boolean => person === '' || person === null;

/** Those that somebody is named in; a text or an expression stands for itself. */
export function namedPeople(people: JSONValue | undefined): readonly JSONValue[] {
  const items = people === undefined ? [] : isList(people) ? people : [people];
  return items.map((item) => personRow(item).person).filter((person) => !isNobody(person));
}
