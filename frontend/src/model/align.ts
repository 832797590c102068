/** Two lists side by side: what stayed, what went, what came. Pure; the longest common part is kept. */

export type Aligned<T> = { readonly kind: 'same' | 'old' | 'new'; readonly item: T };

/** Above this many pairs the middle is shown as all old, then all new: right, only less neat. */
const MOST_PAIRS = 4_000_000;

export function align<T>(old: readonly T[], now: readonly T[], key: (item: T) => string): Aligned<T>[] {
  const a = old.map(key);
  const b = now.map(key);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const rows = a.length - head - tail;
  const columns = b.length - head - tail;
  const found: Aligned<T>[] = now.slice(0, head).map((item) => ({ kind: 'same', item }));
  let [i, j] = [0, 0];
  const take = (kind: 'same' | 'old' | 'new'): void => {
    const item = kind === 'old' ? old[head + i] : now[head + j];
    if (kind !== 'new') i += 1;
    if (kind !== 'old') j += 1;
    if (item !== undefined) found.push({ kind, item });
  };
  if (rows * columns <= MOST_PAIRS) {
    const best = commonLengths(a.slice(head, head + rows), b.slice(head, head + columns));
    while (i < rows && j < columns) {
      if (a[head + i] === b[head + j]) take('same');
      else take((best[i + 1]?.[j] ?? 0) >= (best[i]?.[j + 1] ?? 0) ? 'old' : 'new');
    }
  }
  while (i < rows) take('old');
  while (j < columns) take('new');
  return [...found, ...now.slice(now.length - tail).map((item) => ({ kind: 'same' as const, item }))];
}

/** `[i][j]`: how long the longest common part of what is left from `i` and from `j` is. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [row, below] = [table[i], table[i + 1]];
    if (!row || !below) continue;
    for (let j = b.length - 1; j >= 0; j -= 1)
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return table;
}
