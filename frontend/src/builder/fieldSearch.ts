/** Finding a field by what is typed: its label, its group's words, or the name of its column. Pure. */
import type { ComboboxParsedItem } from '@mantine/core';
import { hasWords } from '../ui/fold';

/** The column's name where the label does not say it already: people who know the database look for it. */
export function columnName(label: string, path: string): string {
  const name = path.split('.').at(-1) ?? '';
  const plain = (text: string): string => text.toLocaleLowerCase().replaceAll(/[\s_]+/g, ' ');
  return /^(?:after|before|related)\./.test(path) && !plain(label).includes(plain(name)) ? name : '';
}

/** Every word that was typed is in the label or in the path. */
export function fieldMatches(label: string, path: string, typed: string): boolean {
  return hasWords(`${label} ${path}`, typed);
}

/** By label and by the column's own name; where that finds nothing, by the group's words, too ("today"). */
export function searchFields(options: readonly ComboboxParsedItem[], typed: string): ComboboxParsedItem[] {
  const found = having(options, typed, false);
  return found.length > 0 ? found : having(options, typed, true);
}

function having(
  options: readonly ComboboxParsedItem[],
  typed: string,
  byGroup: boolean,
): ComboboxParsedItem[] {
  const found: ComboboxParsedItem[] = [];
  for (const option of options) {
    if (!('group' in option)) {
      if (fieldMatches(option.label, option.value, typed)) found.push(option);
      continue;
    }
    const under = byGroup ? `${option.group} ` : '';
    const items = option.items.filter((item) => fieldMatches(under + item.label, item.value, typed));
    if (items.length > 0) found.push({ ...option, items });
  }
  return found;
}
