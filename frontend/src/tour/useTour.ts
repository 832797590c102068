/** Where the tour stands: kept in the browser, moved on by what the builder tells. */
import { useCallback, useEffect, useState } from 'react';
import { type StoreApi, useStore } from 'zustand';
import type { Progress, Told } from '../ui/progress';
import { readKept, writeKept } from './kept';
import { heard, type Kept } from './steps';

export interface TourState {
  kept: Kept | null;
  /** What the builder tells of the rule that is open. */
  now: Progress | null;
  /** Where it speaks while a drawer lies over its strip. */
  over: HTMLElement | null;
  keep: (kept: Kept) => void;
}

export function useTour(accountId: number, told: StoreApi<Told>): TourState {
  const [kept, setKept] = useState(() => readKept(accountId));
  const now = useStore(told, (state) => state.now);
  const over = useStore(told, (state) => state.over);
  const keep = useCallback(
    (next: Kept) => {
      setKept(next);
      writeKept(accountId, next);
    },
    [accountId],
  );
  useEffect(() => {
    if (kept?.state !== 'going' || !now) return;
    const next = heard(kept, now);
    if (next !== kept) keep(next);
  }, [kept, now, keep]);
  return { kept, now, over, keep };
}
