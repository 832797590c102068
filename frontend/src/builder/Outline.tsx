/** A rule too long for one sentence: its steps as an indented outline, a phrase to press in each line. */
import { Box } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { branchName } from '../canvas/branchName';
import { type Line, outline } from '../model/outline';
import type { Rule } from '../model/rule';
import type { Words } from '../model/wording';
import classes from './outline.module.css';
import { Phrase } from './Phrase';

/** Lines that are drawn before somebody asks for all. */
const AT_FIRST = 40;
const DEEPEST = 6;

const Row = memo(function Row({ step, tone, text, depth, lead, side, of }: Line) {
  const { t } = useTranslation();
  const phrase = <Phrase step={step} tone={tone} text={text} />;
  const [before = '', after = ''] =
    lead === 'step' || lead === 'choose' ? [] : t(`look.outline.${lead}`).split('{phrase}');
  return (
    <Box
      component="li"
      className={classes.line ?? ''}
      __vars={{ '--depth': String(Math.min(depth, DEEPEST)) }}
    >
      {side && (
        <span className={classes.side} data-side={side}>
          {branchName(of ?? undefined, side, t)}
        </span>
      )}
      {before}
      {phrase}
      {after}
    </Box>
  );
});

export function Outline({ rule, words }: { rule: Rule; words: Words }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const { lines, left } = useMemo(() => outline(rule, words, all ? undefined : AT_FIRST), [rule, words, all]);
  return (
    <>
      <ul className={classes.outline} data-outline>
        {lines.map((line) => (
          <Row key={line.step} {...line} />
        ))}
      </ul>
      {left > 0 && (
        <button type="button" className={classes.more} onClick={() => setAll(true)}>
          {t('look.outline.more', { count: left })}
        </button>
      )}
    </>
  );
}
