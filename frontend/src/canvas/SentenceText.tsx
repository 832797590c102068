/** A rule as one sentence to read: each step's phrase in the colour of what it does. */
import { Fragment, useMemo } from 'react';
import { type Opened, openDraft } from '../model/graph';
import { isJSON, isObject, textAt } from '../model/json';
import { sentence } from '../model/sentence';
import { stepWords } from '../model/stepWords';
import { fill, type Part, plain, type Words } from '../model/wording';
import classes from './SentenceText.module.css';
import { type Tables, useWords } from './words';

type Props = { readonly opened: Opened; readonly tables: Tables };

/** A document as the API gives it; one that is missing or no document opens empty. */
export function openedFrom(document: unknown): Opened {
  return openDraft(isJSON(document) && isObject(document) ? document : {});
}

/** The whole rule; of one that cannot be told step by step, its start and how many steps follow. */
function partsOf(opened: Opened, words: Words): readonly Part[] {
  if (opened.kind === 'rule') {
    const { trigger, steps } = opened;
    const blank = textAt(trigger, 'on') === 'change' && textAt(trigger, 'table') === '';
    return blank && steps.length === 0 ? [] : sentence(opened, words);
  }
  const trigger = opened.nodes.find((node) => node.kind === 'trigger');
  if (!trigger) return [];
  const count = String(opened.nodes.length - 1);
  return fill(words.phrase('sentence.long'), { start: stepWords(trigger, words), count });
}

/** In words without colours; '' while the rule does nothing yet. */
export function usePlainSentence({ opened, tables }: Props): string {
  const words = useWords(tables);
  return useMemo(() => plain(partsOf(opened, words)), [opened, words]);
}

export function SentenceText({ opened, tables }: Props) {
  const words = useWords(tables);
  const parts = useMemo(() => partsOf(opened, words), [opened, words]);
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
