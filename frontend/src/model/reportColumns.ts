/** The columns of a report: which field of a row each reads, and what stands above it. Pure. */
import { type JSONObject, textAt, without } from './json';

/** With that head; without one of its own where it is empty. */
export function headed(column: JSONObject, label: string): JSONObject {
  return label === '' ? without(column, 'label') : { ...column, label };
}

/** The column reading another field: a head that was the name of the old one becomes that of the new one. */
export function readFrom(column: JSONObject, key: string, labelOf: (key: string) => string): JSONObject {
  const label = textAt(column, 'label');
  const next = { ...column, key };
  return label !== '' && label === labelOf(textAt(column, 'key')) ? headed(next, labelOf(key)) : next;
}
