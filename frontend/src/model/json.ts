/** JSON values and the few questions everybody asks of them. Pure; knows nothing of rules. */

export type JSONValue = null | boolean | number | string | readonly JSONValue[] | JSONObject;
export type JSONObject = { readonly [key: string]: JSONValue };

export function isObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: JSONValue | undefined): value is readonly JSONValue[] {
  return Array.isArray(value);
}

export function isJSON(value: unknown): value is JSONValue {
  if (Array.isArray(value)) return value.every(isJSON);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isJSON);
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** The text under this key, or '' where there is none. */
export function textAt(object: JSONObject | undefined, key: string): string {
  const value = object?.[key];
  return typeof value === 'string' ? value : '';
}

export function listAt(object: JSONObject | undefined, key: string): readonly JSONValue[] {
  const value = object?.[key];
  return isList(value) ? value : [];
}

export function textsAt(object: JSONObject | undefined, key: string): string[] {
  return listAt(object, key).filter((item): item is string => typeof item === 'string');
}

export function objectAt(object: JSONObject | undefined, key: string): JSONObject {
  const value = object?.[key];
  return isObject(value) ? value : {};
}

/** Without one key. */
export function without(object: JSONObject, key: string): JSONObject {
  const { [key]: _gone, ...rest } = object;
  return rest;
}

/** Same value: key order does not matter, number and text are never the same. */
export function same(a: JSONValue | undefined, b: JSONValue | undefined): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}
