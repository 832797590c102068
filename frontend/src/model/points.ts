/** The signs that may not begin a line, apart from the words after them. Pure. */
import type { Part } from './wording';

/** A part with the signs that follow it: `after` is '' where words follow. */
export type Pointed = { readonly part: Part; readonly after: string };

/** Each phrase takes the signs that follow it: it is drawn as one box, behind which a line may end anywhere. */
export function pointed(parts: readonly Part[]): Pointed[] {
  const out: Pointed[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    const signs = part.kind === 'text' ? (/^[,.;:!?，。；：、！？]+/.exec(part.text)?.[0] ?? '') : '';
    if (last?.part.kind !== 'phrase' || part.kind === 'phrase' || signs === '') {
      out.push({ part, after: '' });
      continue;
    }
    out[out.length - 1] = { part: last.part, after: signs };
    if (part.text !== signs)
      out.push({ part: { kind: 'text', text: part.text.slice(signs.length) }, after: '' });
  }
  return out;
}
