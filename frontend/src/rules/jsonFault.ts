/** Where a text stops being JSON: the offset of the first character that cannot belong there. Pure. */

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const ATOM = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BEGUN_STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

type Wants = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

/** The offset, or null when the text is JSON. Needs no recursion: deep texts are fine. */
export function jsonFault(text: string): number | null {
  const open: ('{' | '[')[] = [];
  let wants: Wants = 'value';
  let at = skip(SPACE, text, 0);
  for (;;) {
    const inside = open[open.length - 1];
    if (inside === undefined && wants === 'comma-or-end') return at === text.length ? null : at;
    const char = text[at];
    if (char === undefined) return at;
    if (wants === 'colon') {
      if (char !== ':') return at;
      wants = 'value';
      at += 1;
    } else if (wants === 'comma-or-end' && char === ',') {
      wants = inside === '{' ? 'key' : 'value';
      at += 1;
    } else if ((char === '}' && inside === '{') || (char === ']' && inside === '[')) {
      if (wants === 'value' || wants === 'key') return at;
      open.pop();
      wants = 'comma-or-end';
      at += 1;
    } else if (wants === 'comma-or-end') {
      return at;
    } else if (char === '"') {
      const end = skip(STRING, text, at);
      if (end === at) return skip(BEGUN_STRING, text, at);
      wants = wants === 'key' || wants === 'key-or-end' ? 'colon' : 'comma-or-end';
      at = end;
    } else if (wants === 'key' || wants === 'key-or-end') {
      return at;
    } else if (char === '{' || char === '[') {
      open.push(char);
      wants = char === '{' ? 'key-or-end' : 'value-or-end';
      at += 1;
    } else {
      const end = skip(ATOM, text, at);
      if (end === at) return at;
      wants = 'comma-or-end';
      at = end;
    }
    at = skip(SPACE, text, at);
  }
}
