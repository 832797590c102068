/** The ways of a choose as they were asked: each with its comparisons, up to the one that was taken. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RuleNode } from '../model/rule';
import { waysIn } from '../model/ways';
import type { Words } from '../model/wording';
import { branchName } from './branchName';
import { type Seen, SeenConditions } from './SeenConditions';
import classes from './story.module.css';

type Props = {
  readonly node: RuleNode;
  readonly seen: readonly Seen[];
  /** The way that was taken; null where none could be decided. */
  readonly branch: string | null;
  readonly words: Words;
  readonly tense: 'has' | 'was';
};

export function SeenWays({ node, seen, branch, words, tense }: Props) {
  const { t } = useTranslation();
  const ways = waysIn(node);
  const taken = ways.findIndex((way) => way.key === branch);
  return (
    <div className={classes.ways}>
      {ways.map(({ key, logic }, index) => {
        const place = `/ways/${index}/logic`;
        const inside = seen.flatMap((one) =>
          one.path === place || one.path.startsWith(`${place}/`)
            ? [{ ...one, path: one.path.slice(place.length) }]
            : [],
        );
        return (
          <div key={key} data-way={key} data-taken={key === branch || undefined}>
            <Text size="xs" fw={600}>
              {branchName(node, key, t)}
            </Text>
            {taken >= 0 && index > taken ? (
              <Text size="xs" c="dimmed">
                {t('ways.notCome')}
              </Text>
            ) : (
              <SeenConditions logic={logic} seen={inside} words={words} tense={tense} />
            )}
          </div>
        );
      })}
    </div>
  );
}
