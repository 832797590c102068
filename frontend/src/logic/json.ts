/** JSON values: all that logic and data are made of. */
export type JSONValue = null | boolean | number | string | readonly JSONValue[] | JSONObject;

export type JSONObject = { readonly [key: string]: JSONValue };

export const isList = (value: JSONValue): value is readonly JSONValue[] => Array.isArray(value);

export const isObject = (value: JSONValue): value is JSONObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isContainer = (value: JSONValue): value is readonly JSONValue[] | JSONObject =>
  typeof value === 'object' && value !== null;
