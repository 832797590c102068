/** An imported rule as it would be: its sentence and its drawing, to look at only. */
import { useMediaQuery } from '@mantine/hooks';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportItem } from '../../api/types';
import { type Badge, toLookAt } from '../../canvas/board';
import { RuleCanvas } from '../../canvas/RuleCanvas';
import { RuleList } from '../../canvas/RuleList';
import { useSubject } from '../../canvas/useTables';
import { useWords } from '../../canvas/words';
import { problemText } from '../../i18n/problemText';
import { open } from '../../model/graph';
import { isObject } from '../../model/json';
import { foundOf, problemsByStep } from '../../model/problems';
import { sentence } from '../../model/sentence';
import classes from './Import.module.css';

interface Props {
  item: ImportItem;
  selected: string | null;
  onSelect: (step: string | null) => void;
}

const NONE: ReadonlyMap<string, Badge> = new Map();

export function Preview({ item, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 992px)', window.innerWidth <= 992);
  const written = JSON.stringify(item.document);
  const [document, opened] = useMemo(() => {
    const read: unknown = JSON.parse(written);
    const made = isObject(read) ? read : {};
    return [made, open(made)] as const;
  }, [written]);
  const subject = useSubject(opened);
  const words = useWords(subject.tables);
  const problems = useMemo(
    () => problemsByStep(opened, foundOf(item.problems), document),
    [opened, item.problems, document],
  );
  const look = useMemo(() => toLookAt((step) => onSelect(step)), [onSelect]);
  const board = {
    ...look,
    handlers: {
      ...look.handlers,
      problemText: (problem: Parameters<typeof look.handlers.problemText>[0]) =>
        problem.message === null ? t(`builder.problem.${problem.code}`) : problemText(problem, t),
    },
    opened,
    words,
    selected,
    painting: null,
    badges: NONE,
    problems,
    label: t('importing.preview', { name: item.as_name }),
  };
  return (
    <section className={classes.preview} aria-label={t('importing.preview', { name: item.as_name })}>
      <p className={classes.sentence}>
        {opened.kind === 'rule'
          ? sentence(opened, words).map((part, index) =>
              part.kind === 'text' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: plain words have no identity of their own
                <span key={index}>{part.text}</span>
              ) : (
                <b key={part.step} data-tone={part.tone}>
                  {part.text}
                </b>
              ),
            )
          : t('builder.free.explain', { reason: t(`builder.free.${opened.why}`) })}
      </p>
      <div className={classes.board}>
        {narrow && opened.kind === 'rule' ? <RuleList {...board} rule={opened} /> : <RuleCanvas {...board} />}
      </div>
    </section>
  );
}
