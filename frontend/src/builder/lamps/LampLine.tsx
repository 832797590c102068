/** One lamp with its word: whether a part of a condition holds for the chosen record, and what the record has. */
import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconQuestionMark, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Condition } from '../../model/condition';
import { useRoom } from '../context';
import { useSought } from '../sought';
import { useBuilder } from '../store';
import classes from './lamps.module.css';
import { type Light, lightOf, type Sight } from './light';
import { lampText, whyText } from './reading';
import { sightOf } from './sight';
import { useRecordNoun } from './useRecordNoun';

const SIGNS = {
  true: IconCheck,
  false: IconX,
  unknown: IconQuestionMark,
  error: IconAlertTriangle,
} as const;

export function Sign({ kind }: { kind: Light['kind'] }) {
  const Icon = SIGNS[kind];
  return (
    <span className={classes.sign} data-truth={kind} aria-hidden>
      <Icon size={12} stroke={3} />
    </span>
  );
}

/** What the lamps look at; null while they are off, no record is chosen, or other records are asked about. */
function useSight(): Sight | null {
  const elsewhere = useSought() !== null;
  const sight = useBuilder((state) => (state.lamps ? sightOf(state.testing) : null));
  return elsewhere ? null : sight;
}

/** Under a row: sign, word, and the record's own value. */
export function LampLine({ condition }: { condition: Condition }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const record = useRecordNoun();
  const sight = useSight();
  if (!sight) return null;
  const light = lightOf(condition, sight);
  if (light.kind === 'unknown' && light.why === 'incomplete') return null;
  return (
    <div className={classes.line} data-lamp={light.kind}>
      <Sign kind={light.kind} />
      <span>
        <b>{t(`lamps.${light.kind}`)}</b>{' '}
        <span className={classes.has}>{lampText(condition, light, sight, words, t, record)}</span>
      </span>
    </div>
  );
}

/** Beside a group's selector: the whole of it. */
export function LampMark({ condition }: { condition: Condition }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const sight = useSight();
  if (!sight) return null;
  const light = lightOf(condition, sight);
  const text = t('lamps.ofGroup', { light: t(`lamps.${light.kind}`) });
  const why = whyText(light, words, t);
  return (
    <Tooltip label={why === '' ? text : why}>
      <span className={classes.mark} data-lamp={light.kind} role="img" aria-label={`${text} ${why}`.trim()}>
        <Sign kind={light.kind} />
      </span>
    </Tooltip>
  );
}

/** The whole condition, told to screen readers when it changes. */
export function LampVerdict({ condition }: { condition: Condition }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const sight = useSight();
  if (!sight) return null;
  const light = lightOf(condition, sight);
  const why = whyText(light, words, t);
  return (
    <div className={classes.verdict} data-lamp={light.kind} data-verdict role="status">
      <Sign kind={light.kind} />
      <span>
        <b>{t(`lamps.whole.${light.kind}`)}</b> {why}
      </span>
    </div>
  );
}
