/** The rule as a sentence; each coloured phrase selects its step. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { isLong } from '../model/outline';
import { pointed } from '../model/points';
import type { Rule } from '../model/rule';
import { sentence } from '../model/sentence';
import type { Words } from '../model/wording';
import { useRoom } from './context';
import { Outline } from './Outline';
import { Phrase } from './Phrase';
import classes from './sentence.module.css';
import { useBuilder } from './store';

function Sentence({ rule, words }: { rule: Rule; words: Words }) {
  const parts = useMemo(() => pointed(sentence(rule, words)), [rule, words]);
  return (
    <>
      {parts.map(({ part, after }, index) =>
        part.kind === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: plain words have no identity of their own
          <span key={`${index}-text`}>{part.text}</span>
        ) : (
          <span key={part.step} className={classes.pointed}>
            <Phrase step={part.step} tone={part.tone} text={part.text} />
            {after}
          </span>
        ),
      )}
    </>
  );
}

export function SentenceBar() {
  const { t } = useTranslation();
  const { words } = useRoom();
  const opened = useBuilder((state) => state.history.present);
  return (
    <section className={classes.sentence} aria-label={t('builder.sentence.label')}>
      {opened.kind === 'rule' ? (
        isLong(opened, words) ? (
          <Outline rule={opened} words={words} />
        ) : (
          <Sentence rule={opened} words={words} />
        )
      ) : (
        <span>{t('builder.free.explain', { reason: t(`builder.free.${opened.why}`) })}</span>
      )}
    </section>
  );
}
