/** Whether something is open, in words; its moments by its own clock. Pure. */
import type { TFunction } from 'i18next';
import type { HoursNow } from '../api/types';
import { momentText } from './clock';

/** A moment by the clock of the calendar. */
export function momentName(at: string, zone: string, locale: string): string {
  return momentText(at, 'weekday', locale, { timeZone: zone });
}

/** "Open now, until …" or "Closed now, opens …". */
export function stateText(now: HoursNow, zone: string, locale: string, t: TFunction): string {
  if (now.open)
    return now.closes_at === null
      ? t('hours.now.always')
      : t('hours.now.open', { at: momentName(now.closes_at, zone, locale) });
  return now.opens_at === null
    ? t('hours.now.never')
    : t('hours.now.closed', { at: momentName(now.opens_at, zone, locale) });
}
