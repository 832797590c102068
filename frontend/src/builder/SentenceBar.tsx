/** The rule as a sentence; each coloured phrase selects its step. */
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeIn } from '../canvas/board';
import type { Rule } from '../model/rule';
import { type Part, sentence, type Words } from '../model/sentence';
import classes from './builder.module.css';
import { useRoom } from './context';
import { type Light, lightOfLogic } from './lamps/light';
import { sightOf } from './lamps/sight';
import { type Builder, useBuilder } from './store';

const CUT = 90;

/** Whether the condition of this step holds for the chosen record. */
function truthOf(state: Builder, id: string): Light['kind'] | null {
  const sight = state.lamps ? sightOf(state.testing) : null;
  const node = sight ? nodeIn(state.history.present, id) : undefined;
  if (!sight || !node) return null;
  const light = lightOfLogic(node['logic'] ?? null, sight);
  return light.kind === 'unknown' && light.why === 'incomplete' ? null : light.kind;
}

const Phrase = memo(function Phrase({ part }: { part: Extract<Part, { kind: 'phrase' }> }) {
  const { commands } = useRoom();
  const selected = useBuilder((state) => state.selected === part.step);
  const truth = useBuilder((state) => (part.tone === 'if' ? truthOf(state, part.step) : null));
  const cut = part.text.length > CUT ? `${part.text.slice(0, CUT).trimEnd()}…` : part.text;
  return (
    <button
      type="button"
      className={classes.phrase}
      data-tone={part.tone}
      data-selected={selected || undefined}
      data-phrase={part.step}
      data-truth={truth ?? undefined}
      aria-describedby={truth === null ? undefined : `lamp-${truth}`}
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
