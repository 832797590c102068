/** A rule as one sentence to read: each step's phrase in the colour of what it does. */
import { Fragment, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Opened } from '../model/graph';
import { plain, sentence } from '../model/sentence';
import classes from './SentenceText.module.css';
import { type Tables, useWords } from './words';

type Props = { readonly opened: Opened; readonly tables: Tables };

/** In words without colours; '' while the rule does nothing yet. */
export function usePlainSentence({ opened, tables }: Props): string {
  const { t } = useTranslation();
  const words = useWords(tables);
  return useMemo(() => {
    if (opened.kind === 'free') return t(`builder.free.explain`, { reason: t(`builder.free.${opened.why}`) });
    return plain(sentence(opened, words));
  }, [opened, words, t]);
}

export function SentenceText({ opened, tables }: Props) {
  const words = useWords(tables);
  const parts = useMemo(() => (opened.kind === 'rule' ? sentence(opened, words) : []), [opened, words]);
  return (
    <>
      {parts.map((part, index) =>
        part.kind === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: plain words have no identity of their own
          <Fragment key={`${index}-text`}>{part.text}</Fragment>
        ) : (
          <span key={part.step} className={classes.phrase} data-tone={part.tone}>
            {part.text}
          </span>
        ),
      )}
    </>
  );
}
