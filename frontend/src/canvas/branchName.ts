/** What a side of a step is called: Yes, No, Otherwise, If this fails; a way of a choose by its name, else its number. */
import type { TFunction } from 'i18next';
import type { Branch, RuleNode } from '../model/rule';
import { waysIn } from '../model/ways';

const NAMED: readonly Branch[] = ['yes', 'no', 'otherwise', 'failed'];

export function branchName(node: RuleNode | undefined, branch: Branch, t: TFunction): string {
  if (NAMED.includes(branch)) return t(`builder.branch.${branch}`);
  const ways = node ? waysIn(node) : [];
  const at = ways.findIndex((way) => way.key === branch);
  return ways[at]?.name || (at < 0 ? branch : t('ways.number', { number: at + 1 }));
}
