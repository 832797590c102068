/** Beneath a condition of a trace: that nothing follows on its branch, and what the other branch would have needed. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { JSONValue } from '../model/json';
import { type FlipLike, needsOf } from '../model/reason';
import type { Words } from '../model/sentence';
import { needText } from './reasons';
import classes from './story.module.css';

type Props = {
  readonly logic: JSONValue;
  readonly branch: 'yes' | 'no';
  readonly flips: readonly FlipLike[];
  readonly ways: { readonly yes: boolean; readonly no: boolean };
  readonly words: Words;
};

export function OtherWay({ logic, branch, flips, ways, words }: Props) {
  const { t } = useTranslation();
  const other = branch === 'yes' ? 'no' : 'yes';
  const ended = !ways[branch];
  const needs = ways[other] ? needsOf(flips, () => logic, words).map((need) => needText(need, t)) : [];
  return (
    <div data-other-way={other}>
      {ended && (
        <Text size="sm" mt={4}>
          {t('why.endedHere', { branch: t(`builder.branch.${branch}`) })}
        </Text>
      )}
      {needs.length > 0 && (
        <>
          <Text size="xs" c="dimmed" mt={4}>
            {t('why.otherWay', { branch: t(`builder.branch.${other}`) })}
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
