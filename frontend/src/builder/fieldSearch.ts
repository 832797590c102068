/** Finding a field by what is typed: its label, its group's words, or the name of its column. Pure. */

/** The column's name where the label does not say it already: people who know the database look for it. */
export function columnName(label: string, path: string): string {
  const name = path.split('.').at(-1) ?? '';
  const plain = (text: string): string => text.toLocaleLowerCase().replaceAll(/[\s_]+/g, ' ');
  return /^(?:after|before|related)\./.test(path) && !plain(label).includes(plain(name)) ? name : '';
}

/** Every word that was typed is in the label or in the path. */
export function fieldMatches(label: string, path: string, typed: string): boolean {
  const text = `${label} ${path}`.toLocaleLowerCase();
  return typed
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
