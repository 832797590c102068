/** A text as a search compares it: in small letters, and with е for ё, which hardly anybody types. Pure. */
export function fold(text: string): string {
  return text.toLocaleLowerCase().replaceAll('ё', 'е');
}

/** Does every word that was typed stand somewhere in the text? */
export function hasWords(text: string, typed: string): boolean {
  const folded = fold(text);
  return fold(typed)
    .split(/\s+/)
    .every((word) => folded.includes(word));
}
