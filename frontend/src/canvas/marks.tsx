/** What a card shows beside what its step does: that it is switched off, and its note. */
import { VisuallyHidden } from '@mantine/core';
import { IconNote, IconPower } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RuleNode } from '../model/rule';
import { noteOf } from '../model/switched';
import classes from './card.module.css';

export function OffPill({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <span className={classes.badge} data-tone="still" data-off-pill id={`off-${id}`}>
      <IconPower size={13} stroke={2.25} aria-hidden />
      {t('steps.off')}
    </span>
  );
}

export function NoteMark({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const note = noteOf(node);
  if (note === '') return null;
  return (
    <span className={classes.note} title={note} data-note={node.id}>
      <IconNote size={14} aria-hidden />
      <span aria-hidden className={classes.noteText}>
        {note}
      </span>
      <VisuallyHidden id={`note-${node.id}`}>{t('steps.noteOf', { note })}</VisuallyHidden>
    </span>
  );
}
