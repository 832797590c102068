/**
 * What is known of today without a record: the day, the date, the time by the clock of a zone. In logic it is a part of
 * `now`; in the editor it is a field like others, by a path that no record has. Pure.
 */
import { isList, isObject, type JSONObject, type JSONValue } from './json';

export const TODAY_PARTS = ['weekday', 'date', 'time', 'day', 'month'] as const;
export type TodayPart = (typeof TODAY_PARTS)[number];
export type Today = { readonly part: TodayPart; readonly zone: string };

const ROOT = 'today:';

/** `today:weekday:Asia/Seoul`. */
export function todayPath({ part, zone }: Today): string {
  return `${ROOT}${part}:${zone}`;
}

/** Null for the path of any other field. */
export function todayOf(path: string): Today | null {
  if (!path.startsWith(ROOT)) return null;
  const [, name, ...rest] = path.split(':');
  const part = TODAY_PARTS.find((one) => one === name);
  const zone = rest.join(':');
  return part === undefined || zone === '' ? null : { part, zone };
}

/** A field as logic. */
export function variable(path: string): JSONObject {
  const today = todayOf(path);
  return today ? { date_part: [{ var: 'now' }, today.part, today.zone] } : { var: path };
}

/** Monday to Friday, in any order, as the days of the week of a field. */
export function isWorkdays(path: string | null, days: readonly JSONValue[]): boolean {
  const numbers = new Set(days);
  return todayOf(path ?? '')?.part === 'weekday' && numbers.size === 5 && !numbers.has(6) && !numbers.has(7);
}

function todayIn(logic: JSONObject): string | null {
  const args = logic['date_part'];
  if (!isList(args) || args.length !== 3) return null;
  const [from = null, name, zone] = args;
  const part = TODAY_PARTS.find((one) => one === name);
  const now = isObject(from) && Object.keys(from).length === 1 && from['var'] === 'now';
  if (!now || part === undefined || typeof zone !== 'string' || zone === '') return null;
  return todayPath({ part, zone });
}

/** The path of logic that is a field and nothing more; null for everything else. */
export function pathOf(logic: JSONValue | undefined): string | null {
  if (!isObject(logic) || Object.keys(logic).length !== 1) return null;
  const path = logic['var'];
  return typeof path === 'string' && path !== '' ? path : todayIn(logic);
}

/** The zone that is spoken of first, in any part of a document: of a day or time, or of its schedule. */
export function zoneIn(document: JSONValue): string | null {
  if (isList(document)) return firstOf(document);
  if (!isObject(document)) return null;
  const today = todayOf(todayIn(document) ?? '');
  const own = document['zone'];
  if (today) return today.zone;
  return typeof own === 'string' && own !== '' ? own : firstOf(Object.values(document));
}

function firstOf(values: readonly JSONValue[]): string | null {
  for (const value of values) {
    const zone = zoneIn(value);
    if (zone !== null) return zone;
  }
  return null;
}
