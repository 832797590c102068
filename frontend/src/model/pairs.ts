/** JSON of any shape with expressions in it, as rows of names and values where it is an object of them. Pure. */
import { isObject, type JSONObject, type JSONValue } from './json';

/** The operator that an object would be read as: one key that names it. */
export function readAs(pairs: JSONObject, operators: ReadonlySet<string>): string | null {
  const [name, ...others] = Object.keys(pairs);
  return name !== undefined && others.length === 0 && operators.has(name) ? name : null;
}

/** The names and their values; none where there is nothing, null where it is a list, a value or an expression. */
export function pairsOf(value: JSONValue | undefined, operators: ReadonlySet<string>): JSONObject | null {
  if (value === undefined || value === null || value === '') return {};
  return isObject(value) && readAs(value, operators) === null ? value : null;
}

/** The object under that name in the place of the one at `index`; null where another one has it already. */
export function renamed(pairs: JSONObject, index: number, name: string): JSONObject | null {
  const entries = Object.entries(pairs);
  if (entries.some(([other], at) => at !== index && other === name)) return null;
  return Object.fromEntries(entries.map(([old, value], at) => [at === index ? name : old, value]));
}
