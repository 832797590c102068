/** A count beside the count of the period before. Pure. */
export interface Comparison {
  kind: 'more' | 'fewer' | 'same' | 'first';
  percent: number;
}

export function compare(now: number, before: number): Comparison {
  if (before === 0) return { kind: now === 0 ? 'same' : 'first', percent: 0 };
  const percent = Math.round((Math.abs(now - before) / before) * 100);
  if (percent === 0) return { kind: 'same', percent };
  return { kind: now > before ? 'more' : 'fewer', percent };
}
