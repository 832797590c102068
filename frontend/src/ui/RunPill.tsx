import { useTranslation } from 'react-i18next';
import type { RunState } from '../api/types';
import { useLocale } from './locale';
import { Pill, type Tone } from './Pill';
import { untilTime } from './time';

const TONES: Record<RunState, Tone> = {
  queued: 'still',
  running: 'busy',
  waiting: 'busy',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'still',
  skipped: 'still',
};

/** How a run ended or where it is, in the product's words: Finished, Failed, Waiting until 16:00… */
export function RunPill({
  state,
  wakeAt,
  fault,
  turn,
}: {
  state: RunState;
  wakeAt?: string | null;
  fault?: { readonly code: string } | null;
  /** What it waits for before it begins. */
  turn?: string | null;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (state === 'waiting' && fault?.code === 'held') return <Pill tone="warn">{t('ui.runState.held')}</Pill>;
  if (state === 'waiting' && wakeAt) {
    const time = untilTime(new Date(wakeAt), new Date(), locale);
    return <Pill tone="busy">{t('ui.runState.waitingUntil', { time })}</Pill>;
  }
  if (state === 'waiting' && turn) return <Pill tone="busy">{t('ui.runState.turn')}</Pill>;
  return <Pill tone={TONES[state]}>{t(`ui.runState.${state}`)}</Pill>;
}
