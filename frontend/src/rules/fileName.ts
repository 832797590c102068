/** A file name for a rule's document: its words joined by dashes, in any script. */
export function fileName(name: string): string {
  const words = name
    .toLocaleLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return `${words === '' ? 'rule' : words.slice(0, 80)}.rule.json`;
}
