/** Text by its characters, which are Unicode code points, as in Python. */
const SURROGATE = /[\ud800-\udfff]/;

export const characters = (text: string): string[] =>
  SURROGATE.test(text) ? Array.from(text) : text.split('');

/** Where the next character begins. */
const after = (text: string, at: number): number => at + (Number(text.codePointAt(at)) > 0xffff ? 2 : 1);

/** The characters from `begin` to `end`. */
export function part(text: string, begin: number, end: number): string {
  if (!SURROGATE.test(text)) return text.slice(begin, end);
  let at = 0;
  let index = 0;
  for (; index < begin; index += 1) at = after(text, at);
  const first = at;
  for (; index < end; index += 1) at = after(text, at);
  return text.slice(first, at);
}

export function lengthOf(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (let at = 0; at < text.length; at = after(text, at)) count += 1;
  return count;
}
