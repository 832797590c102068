/** Follows steps that got other ids through the logic that reads their answers. Pure. */
import { isList, isObject, type JSONObject, type JSONValue } from './json';

type Names = ReadonlyMap<string, string>;

function renamedPath(path: JSONValue, names: Names): JSONValue {
  if (typeof path !== 'string') return renamed(path, names);
  const [root, id = '', ...rest] = path.split('.');
  const fresh = root === 'steps' ? names.get(id) : undefined;
  return fresh === undefined ? path : ['steps', fresh, ...rest].join('.');
}

/** Paths stand alone or in a list; of `var` only the first of the list is a path, the second stands in for nothing. */
function renamedPaths(operator: string, body: JSONValue, names: Names): JSONValue {
  if (!isList(body)) return renamedPath(body, names);
  return body.map((item, index) => {
    const isPath = operator === 'missing' || (operator === 'var' ? index === 0 : index === 1);
    if (!isPath) return renamed(item, names);
    return isList(item) ? item.map((one) => renamedPath(one, names)) : renamedPath(item, names);
  });
}

/** The same inside an object that is no logic itself, such as a step. */
export function renamedIn(object: JSONObject, names: Names): JSONObject {
  return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, renamed(inner, names)]));
}

/** `steps.<id>` inside any value, under the new names. An object of several keys is no logic, but may hold some. */
export function renamed(value: JSONValue, names: Names): JSONValue {
  if (isList(value)) return value.map((item) => renamed(item, names));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only) {
    const [operator, body] = only;
    if (operator === 'preserve') return value;
    if (operator === 'var' || operator === 'missing' || operator === 'missing_some')
      return { [operator]: renamedPaths(operator, body, names) };
  }
  return renamedIn(value, names);
}
