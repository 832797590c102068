/** Two JSON documents line by line, with what stayed folded away. Pure. */
import { align } from './align';

export type DiffLine =
  | { readonly kind: 'same' | 'old' | 'new'; readonly text: string }
  | { readonly kind: 'folded'; readonly count: number };

const AROUND = 3;

export function jsonDiff(old: unknown, now: unknown): DiffLine[] {
  const lines = align(linesOf(old), linesOf(now), (line) => line);
  const near = lines.map(() => false);
  lines.forEach((line, index) => {
    if (line.kind === 'same') return;
    for (let at = Math.max(0, index - AROUND); at <= Math.min(lines.length - 1, index + AROUND); at += 1)
      near[at] = true;
  });
  const found: DiffLine[] = [];
  lines.forEach((line, index) => {
    const last = found.at(-1);
    if (near[index]) found.push({ kind: line.kind, text: line.item });
    else if (last?.kind === 'folded') found[found.length - 1] = { kind: 'folded', count: last.count + 1 };
    else found.push({ kind: 'folded', count: 1 });
  });
  return found;
}

function linesOf(value: unknown): string[] {
  return JSON.stringify(value, null, 2).split('\n');
}
