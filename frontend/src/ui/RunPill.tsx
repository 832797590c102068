import { useTranslation } from 'react-i18next';
import type { RunState } from '../api/types';
import { useLocale } from './locale';
import { Pill, type Tone } from './Pill';

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
}: {
  state: RunState;
  wakeAt?: string | null;
  fault?: { readonly code: string } | null;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (state === 'waiting' && fault?.code === 'held') return <Pill tone="warn">{t('ui.runState.held')}</Pill>;
  if (state === 'waiting' && wakeAt) {
    const at = new Date(wakeAt);
    const time = at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
    return <Pill tone="busy">{t('ui.runState.waitingUntil', { time })}</Pill>;
  }
  return <Pill tone={TONES[state]}>{t(`ui.runState.${state}`)}</Pill>;
}
