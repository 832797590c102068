/** Beneath a deciding step of a trace: that nothing follows on its branch, and what another would have needed. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { JSONValue } from '../model/json';
import { type FlipLike, needsOf } from '../model/reason';
import type { RuleNode } from '../model/rule';
import { branchesOf, waysIn } from '../model/ways';
import type { Words } from '../model/wording';
import { branchName } from './branchName';
import { needText } from './reasons';
import classes from './story.module.css';

type Props = {
  readonly node: RuleNode;
  readonly branch: string;
  readonly flips: readonly FlipLike[];
  /** The branches that lead to any step. */
  readonly leading: ReadonlySet<string>;
  readonly words: Words;
};

/** Which way the comparisons would have led to: of a choose, the one whose condition they are of, else what is left. */
function otherOf(node: RuleNode, branch: string, flips: readonly FlipLike[]): string {
  if (node.kind === 'condition') return branch === 'yes' ? 'no' : 'yes';
  const at = flips.map((flip) => /^\/ways\/(\d+)\//.exec(`${flip.path}/`)?.[1]);
  const meant = waysIn(node)[Number(at.at(-1))]?.key;
  return meant !== undefined && meant !== branch ? meant : (branchesOf(node).at(-1) ?? branch);
}

export function OtherWay({ node, branch, flips, leading, words }: Props) {
  const { t } = useTranslation();
  const logic: JSONValue = node.kind === 'choose' ? node : (node['logic'] ?? null);
  const other = otherOf(node, branch, flips);
  const needs = leading.has(other) ? needsOf(flips, () => logic, words).map((need) => needText(need, t)) : [];
  return (
    <div data-other-way={other}>
      {!leading.has(branch) && (
        <Text size="sm" mt={4}>
          {t('why.endedHere', { branch: branchName(node, branch, t) })}
        </Text>
      )}
      {needs.length > 0 && (
        <>
          <Text size="xs" c="dimmed" mt={4}>
            {t('why.otherWay', { branch: branchName(node, other, t) })}
          </Text>
          <ul className={classes.needs} data-small>
            {needs.map((need) => (
              <li key={need}>{need}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
