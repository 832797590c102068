/** JSON text → value, or where it breaks: line and column, whatever the browser's own message says. Pure. */
import type { JSONValue } from '../model/json';

export type Read =
  | { readonly kind: 'value'; readonly value: JSONValue }
  | { readonly kind: 'error'; readonly line: number; readonly column: number; readonly reason: string };

function place(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Browsers tell the position, or line and column, or show the text around; some tell nothing at the end. */
function whereIs(message: string, text: string): { line: number; column: number } {
  const named = /line (\d+) column (\d+)/.exec(message);
  if (named) return { line: Number(named[1]), column: Number(named[2]) };
  const position = /position (\d+)/.exec(message);
  return place(text, position ? Number(position[1]) : text.trimEnd().length);
}

export function parseJson(text: string): Read {
  try {
    const value: JSONValue = JSON.parse(text);
    return { kind: 'value', value };
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const reason = message
      .replace(/^JSON\.parse: /, '')
      .replace(/\s*(in JSON)?\s*at (line|position).*$/, '')
      .replace(/, "?\.{3}.*$/s, '');
    return { kind: 'error', ...whereIs(message, text), reason };
  }
}
