/** JSON text → value, or the line and column where it stops being JSON. Browsers word that each in their own way, so it is found here. */
import type { JSONValue } from './json';

export type Read =
  | { readonly kind: 'value'; readonly value: JSONValue }
  | { readonly kind: 'error'; readonly line: number; readonly column: number };

const SPACE = /[ \t\n\r]*/y;
const ATOM = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in strings
const BEGUN_STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

/** The offset of the first character that cannot stand where it stands. */
function faultAt(text: string): number {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at += match[0].length;
    return match !== null;
  };
  const open: string[] = [];
  let wants: 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'next' | 'nothing' = 'value';
  for (;;) {
    take(SPACE);
    const here = text[at];
    if (wants === 'nothing') return at;
    if (
      wants === 'next' ||
      (wants === 'key-or-end' && here === '}') ||
      (wants === 'value-or-end' && here === ']')
    ) {
      const inside = open.at(-1);
      if (wants === 'next' && here === ',') {
        at += 1;
        wants = inside === '{' ? 'key' : 'value';
        continue;
      }
      if (here !== (inside === '{' ? '}' : ']')) return at;
      at += 1;
      open.pop();
    } else if (wants === 'key' || wants === 'key-or-end') {
      if (!take(STRING)) return afterBegun(text, at);
      take(SPACE);
      if (text[at] !== ':') return at;
      at += 1;
      wants = 'value';
      continue;
    } else if (here === '{' || here === '[') {
      open.push(here);
      at += 1;
      wants = here === '{' ? 'key-or-end' : 'value-or-end';
      continue;
    } else if (!take(STRING) && !take(ATOM)) {
      return afterBegun(text, at);
    }
    wants = open.length === 0 ? 'nothing' : 'next';
  }
}

/** Inside a string that never ends well: where it stops; otherwise the place itself. */
function afterBegun(text: string, at: number): number {
  BEGUN_STRING.lastIndex = at;
  return BEGUN_STRING.test(text) ? BEGUN_STRING.lastIndex : at;
}

export function parseJson(text: string): Read {
  try {
    const value: JSONValue = JSON.parse(text);
    return { kind: 'value', value };
  } catch {
    const good = text.slice(0, faultAt(text));
    return { kind: 'error', line: good.split('\n').length, column: good.length - good.lastIndexOf('\n') };
  }
}
