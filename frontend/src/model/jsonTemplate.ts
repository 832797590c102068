/**
 * JSON with fields in it, as one types it: `{"name": "{{first_name}}", "tags": ["{{status}}", 3]}`. A text that is one
 * field alone keeps the field's type. Data that looks like an expression is kept by `preserve`. Pure.
 */
import { isList, isObject, type JSONValue, same } from './json';
import { parseJson } from './parseJson';
import { fromTemplate, toTemplate } from './template';

export type ReadTemplate =
  | { readonly kind: 'value'; readonly value: JSONValue }
  | { readonly kind: 'error'; readonly line: number; readonly column: number }
  /** Fields inside an object that would be read as this operator. */
  | { readonly kind: 'operator'; readonly name: string };

const TEXT_OR_PILL = /"(?:[^"\\]|\\.)*"|\{\{\s*[^{}"]+?\s*\}\}/g;

/** A field that stands alone, outside a text, is put between quotes: the way people write it. */
function quoted(text: string): string {
  return text.replace(TEXT_OR_PILL, (found) => (found.startsWith('{{') ? JSON.stringify(found) : found));
}

function operatorOf(value: JSONValue, operators: ReadonlySet<string>): string | null {
  if (!isObject(value)) return null;
  const [name, ...others] = Object.keys(value);
  return name !== undefined && others.length === 0 && operators.has(name) ? name : null;
}

/** The JSON with its fields as expressions. `operators`: the names that make an object of one key an expression. */
export function fromJsonTemplate(text: string, operators: ReadonlySet<string>): ReadTemplate {
  const read = parseJson(quoted(text));
  if (read.kind === 'error') return read;
  let wrong = '';
  const logic = (value: JSONValue): JSONValue => {
    if (typeof value === 'string') return fromTemplate(value);
    if (isList(value)) return value.map(logic);
    if (!isObject(value)) return value;
    const inner = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, logic(one)]));
    const operator = operatorOf(value, operators);
    if (operator === null) return inner;
    if (!same(inner, value)) wrong = operator;
    return { preserve: value };
  };
  const value = logic(read.value);
  return wrong === '' ? { kind: 'value', value } : { kind: 'operator', name: wrong };
}

/** The text to edit, or null where an expression is more than text with fields (then it is edited as JSON Logic). */
export function toJsonTemplate(value: JSONValue, operators: ReadonlySet<string>): string | null {
  const text = JSON.stringify(shownAs(value, operators), null, 2);
  const back = fromJsonTemplate(text, operators);
  return back.kind === 'value' && same(back.value, value) ? text : null;
}

function shownAs(value: JSONValue, operators: ReadonlySet<string>): JSONValue {
  const operator = operatorOf(value, operators);
  if (isObject(value) && operator === 'preserve') return value['preserve'] ?? null;
  if (operator !== null) return toTemplate(value);
  if (isList(value)) return value.map((one) => shownAs(one, operators));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shownAs(one, operators)]));
}
