/** Counts runs that came after the newest one shown, without moving the list under the reader. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { readRuns } from '../api/runs';
import type { LiveNews, RunFilter } from '../api/types';
import { useNews } from '../ui/Stream';

const CALM_MS = 1_500;
const PAGE = 100;

export interface Arrivals {
  count: number;
  /** There are more than were counted. */
  more: boolean;
  seen: () => void;
}

export function useArrivals(filter: RunFilter, newestId: number | null, ready: boolean): Arrivals {
  const [count, setCount] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef({ filter, newestId, ready });
  latest.current = { filter, newestId, ready };

  const look = useCallback(async () => {
    timer.current = null;
    const asked = latest.current;
    if (!asked.ready) return;
    try {
      const page = await readRuns(asked.filter, null, PAGE);
      if (latest.current.filter !== asked.filter) return;
      const newest = latest.current.newestId ?? 0;
      setCount(page.items.filter((run) => run.id > newest).length);
    } catch {
      // The next piece of news, or the reader's reload, asks again.
    }
  }, []);

  const onNews = useCallback(
    (news: LiveNews) => {
      if (news.kind === 'run' && timer.current === null)
        timer.current = setTimeout(() => void look(), CALM_MS);
    },
    [look],
  );
  useNews(onNews);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new list or filter begins the count anew
  useEffect(() => setCount(0), [filter, newestId]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  return { count, more: count === PAGE, seen: useCallback(() => setCount(0), []) };
}
