/** Lines of a pasted text. Places count from 1. Pure. */

export type Place = { readonly line: number; readonly column: number };

/** The lines around a place, with their numbers. */
export function around(text: string, place: Place, reach = 2): { number: number; text: string }[] {
  const lines = text.split('\n');
  const first = Math.max(1, place.line - reach);
  return lines
    .slice(first - 1, Math.min(lines.length, place.line + 1))
    .map((line, index) => ({ number: first + index, text: line }));
}

/** How far into the text a place is, in its own units. The column counts characters, as people do. */
export function offsetOf(text: string, place: Place): number {
  const lines = text.split('\n');
  const before = lines.slice(0, place.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const line = lines[place.line - 1] ?? '';
  return Math.min(text.length, before + [...line].slice(0, place.column - 1).join('').length);
}
