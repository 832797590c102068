/** What a side of a step is called: Yes, No, Otherwise, If this fails, Approved, Refused, No answer in time, For each item; a way of a choose by its name, else its number. */
import type { TFunction } from 'i18next';
import type { Branch, RuleNode } from '../model/rule';
import { branchKey, waysIn } from '../model/ways';

const NAMED: readonly Branch[] = ['yes', 'no', 'otherwise', 'failed', 'refused', 'late', 'approved', 'each'];

export function branchName(node: RuleNode | undefined, branch: Branch, t: TFunction): string {
  const ways = node ? waysIn(node) : [];
  // A way of a choose may have the key `late`.
  if (NAMED.includes(branch) && !ways.some((way) => way.key === branch))
    return t(`builder.branch.${branchKey(node, branch)}`);
  const at = ways.findIndex((way) => way.key === branch);
  return ways[at]?.name || (at < 0 ? branch : t('ways.number', { number: at + 1 }));
}
