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
  const [lastOld, lastNew] = [a.length - tail, b.length - tail];
  const found: Aligned<T>[] = [];
  const take = (kind: Aligned<T>['kind'], list: readonly T[], from: number, to: number): void => {
    for (const item of list.slice(from, to)) found.push({ kind, item });
  };
  let [i, j] = [head, head];
  take('same', now, 0, head);
  if ((lastOld - head) * (lastNew - head) <= MOST_PAIRS) {
    const best = commonLengths(a.slice(head, lastOld), b.slice(head, lastNew));
    while (i < lastOld && j < lastNew) {
      if (a[i] === b[j]) {
        take('same', now, j, j + 1);
        i += 1;
        j += 1;
      } else if ((best[i - head + 1]?.[j - head] ?? 0) >= (best[i - head]?.[j - head + 1] ?? 0)) {
        take('old', old, i, i + 1);
        i += 1;
      } else {
        take('new', now, j, j + 1);
        j += 1;
      }
    }
  }
  take('old', old, i, lastOld);
  take('new', now, j, lastNew);
  take('same', now, lastNew, now.length);
  return found;
}

/** `[i][j]`: how long the longest common part of what is left from `i` and from `j` is; nothing past the ends. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint16Array[] {
  const rows: Uint16Array[] = [];
  let below = new Uint16Array(0);
  for (const item of a.toReversed()) {
    const row = new Uint16Array(b.length);
    for (let j = b.length - 1; j >= 0; j -= 1)
      row[j] = item === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    rows.push(row);
    below = row;
  }
  return rows.toReversed();
}
