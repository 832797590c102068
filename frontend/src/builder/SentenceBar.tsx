/** The rule as a sentence; each coloured phrase selects its step. */
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../model/rule';
import { type Part, sentence, type Words } from '../model/sentence';
import classes from './builder.module.css';
import { useRoom } from './context';
import { useBuilder } from './store';

const CUT = 90;

const Phrase = memo(function Phrase({ part }: { part: Extract<Part, { kind: 'phrase' }> }) {
  const { commands } = useRoom();
  const selected = useBuilder((state) => state.selected === part.step);
  const cut = part.text.length > CUT ? `${part.text.slice(0, CUT).trimEnd()}…` : part.text;
  return (
    <button
      type="button"
      className={classes.phrase}
      data-tone={part.tone}
      data-selected={selected || undefined}
      data-phrase={part.step}
      title={cut === part.text ? undefined : part.text}
      onClick={() => commands.select(part.step)}
    >
      {cut}
    </button>
  );
});

export function Sentence({ rule, words }: { rule: Rule; words: Words }) {
  const parts = useMemo(() => sentence(rule, words), [rule, words]);
  return (
    <>
      {parts.map((part, index) =>
        part.kind === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: plain words have no identity of their own
          <span key={`${index}-text`}>{part.text}</span>
        ) : (
          <Phrase key={part.step} part={part} />
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
        <Sentence rule={opened} words={words} />
      ) : (
        <span>{t('builder.free.explain', { reason: t(`builder.free.${opened.why}`) })}</span>
      )}
    </section>
  );
}
