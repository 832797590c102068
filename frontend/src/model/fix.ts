/**
 * Fixes of problems, applied to the open document. A fix was made for the document that was checked: it is applied
 * only where the document still says the same. Pure; the same vectors as `core/mend.py`.
 */
import { isRuleNode } from './graph';
import { isList, isObject, type JSONObject, type JSONValue, same } from './json';

/** Put `value` at `path` (a JSON Pointer). `label` says it in English. */
export type Fix = { readonly label: string; readonly path: string; readonly value: JSONValue };
type Put = Pick<Fix, 'path' | 'value'>;

export function parts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function pointerTo(...names: readonly (string | number)[]): string {
  return names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Is one place the other, or inside it? */
export function overlap(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}

function child(value: JSONValue | undefined, part: string): JSONValue | undefined {
  if (isList(value)) return /^\d+$/.test(part) ? value[Number(part)] : undefined;
  return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

/** What a pointer points at; undefined where there is nothing. */
export function valueAt(document: JSONValue, path: string): JSONValue | undefined {
  return parts(path).reduce<JSONValue | undefined>(child, document);
}

/** The document with one value put in place; undefined where the way to it is gone. */
export function putAt(document: JSONValue, path: string, value: JSONValue): JSONValue | undefined {
  const walk = (at: JSONValue | undefined, [part, ...rest]: readonly string[]): JSONValue | undefined => {
    if (part === undefined) return value;
    if (isList(at)) {
      const inner = /^\d+$/.test(part) && Number(part) < at.length ? walk(child(at, part), rest) : undefined;
      return inner === undefined ? undefined : at.with(Number(part), inner);
    }
    if (!isObject(at)) return undefined;
    const inner = walk(child(at, part), rest);
    return inner === undefined ? undefined : { ...at, [part]: inner };
  };
  return walk(document, parts(path));
}

const NODE = /^\/nodes\/(\d+)/;

function nodesIn(document: JSONObject): readonly JSONValue[] {
  const nodes = document['nodes'];
  return isList(nodes) ? nodes : [];
}

/** The place of the checked document as it is called now, after steps have moved; null where its step is gone. */
export function placeNow(path: string, checked: JSONObject, now: JSONObject): string | null {
  const index = NODE.exec(path)?.[1];
  if (index === undefined) return path;
  const node = nodesIn(checked)[Number(index)];
  if (!isRuleNode(node)) return path;
  const at = nodesIn(now).findIndex((one) => isRuleNode(one) && one.id === node.id);
  return at < 0 ? null : path.replace(NODE, `/nodes/${at}`);
}

/** The fix as it fits the document now; null where what it would replace has changed since. */
function fitting(fix: Put, checked: JSONObject, now: JSONObject): Put | null {
  const path = placeNow(fix.path, checked, now);
  if (path === null || !same(valueAt(checked, fix.path), valueAt(now, path))) return null;
  return { path, value: fix.value };
}

/** The document with every fix that still fits, none of which touches the place of another; null where none fits. */
export function mend(now: JSONObject, checked: JSONObject, fixes: readonly Put[]): JSONObject | null {
  const chosen: Put[] = [];
  for (const fix of fixes) {
    const fits = fitting(fix, checked, now);
    if (fits && !chosen.some((other) => overlap(other.path, fits.path))) chosen.push(fits);
  }
  if (chosen.length === 0) return null;
  let made: JSONValue = now;
  for (const { path, value } of chosen) {
    const next = putAt(made, path, value);
    if (next !== undefined) made = next;
  }
  return isObject(made) && made !== now ? made : null;
}
