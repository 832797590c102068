/** Are two matches about the same name of the document? */
import type { ImportMatch } from '../../api/types';

export function sameName(one: ImportMatch, other: ImportMatch): boolean {
  return nameKey(one) === nameKey(other);
}

export function nameKey(match: ImportMatch): string {
  return [match.kind, match.connection ?? '', match.table ?? '', match.name].join('\n');
}
