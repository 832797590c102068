/** Where a text stops being JSON: the offset of the first character that cannot belong there. Pure. */

const SPACE = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const ATOM = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in strings
const BEGUN_STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

type Wants = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

/** The offset, or null when the text is JSON. Needs no recursion: deep texts are fine. */
export function jsonFault(text: string): number | null {
  const open: string[] = [];
  const state: { wants: Wants } = { wants: 'value' };
  let at = skip(SPACE, text, 0);
  for (;;) {
    const inside = open[open.length - 1];
    if (inside === undefined && state.wants === 'comma-or-end') return at === text.length ? null : at;
    const char = text[at];
    if (char === undefined) return at;
    if (state.wants === 'colon') {
      if (char !== ':') return at;
      state.wants = 'value';
      at += 1;
    } else if (state.wants === 'comma-or-end' && char === ',') {
      state.wants = inside === '{' ? 'key' : 'value';
      at += 1;
    } else if ((char === '}' && inside === '{') || (char === ']' && inside === '[')) {
      if (state.wants === 'value' || state.wants === 'key') return at;
      open.pop();
      state.wants = 'comma-or-end';
      at += 1;
    } else if (state.wants === 'comma-or-end') {
      return at;
    } else if (char === '"') {
      const end = skip(STRING, text, at);
      if (end === at) return skip(BEGUN_STRING, text, at);
      state.wants = state.wants === 'key' || state.wants === 'key-or-end' ? 'colon' : 'comma-or-end';
      at = end;
    } else if (state.wants === 'key' || state.wants === 'key-or-end') {
      return at;
    } else if (char === '{' || char === '[') {
      open.push(char);
      state.wants = char === '{' ? 'key-or-end' : 'value-or-end';
      at += 1;
    } else {
      const end = skip(ATOM, text, at);
      if (end === at) return at;
      state.wants = 'comma-or-end';
      at = end;
    }
    at = skip(SPACE, text, at);
  }
}
