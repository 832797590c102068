/** Where the tour stands in the frame; asks nothing and loads nothing while it is over. */
import { lazy, Suspense, useEffect } from 'react';
import type { StoreApi } from 'zustand';
import { withWords } from '../i18n';
import type { Told } from '../ui/progress';
import { BEGUN } from './steps';
import { useTour } from './useTour';

const Tour = lazy(() => withWords(import('./Tour'), 'builder'));

interface Props {
  accountId: number;
  told: StoreApi<Told>;
  /** How often somebody asked for the tour anew. */
  asked: number;
}

export function TourPlace({ accountId, told, asked }: Props) {
  const tour = useTour(accountId, told);
  const { keep } = tour;
  useEffect(() => {
    if (asked > 0) keep(BEGUN);
  }, [asked, keep]);
  if (tour.kept?.state === 'over') return null;
  return (
    <Suspense>
      <Tour tour={tour} />
    </Suspense>
  );
}
