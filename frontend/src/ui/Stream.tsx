import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { openStream } from '../api/stream';
import type { LiveKind, LiveNews } from '../api/types';

/** What is read again when something of a kind has changed. Lists of runs wait behind their button. */
const STALE: Record<LiveKind, readonly QueryKey[]> = {
  run: [['runs', 'one'], ['stats'], ['rules', 'list'], ['demo']],
  rule: [['rules'], ['stats']],
  draft: [],
  notification: [['notifications']],
  watch: [['tables'], ['watches']],
  backtest: [['backtests']],
  approval: [['approvals'], ['notifications']],
  call: [['calls']],
  catch_up: [['catch-ups'], ['rules', 'list']],
};

const CALM_MS = 1_000;
const newsListeners = new Set<(news: LiveNews) => void>();

/** Calls back for each piece of news; for screens that count arrivals themselves. */
export function useNews(listener: (news: LiveNews) => void): void {
  useEffect(() => {
    newsListeners.add(listener);
    return () => {
      newsListeners.delete(listener);
    };
  }, [listener]);
}

/** Keeps what is on screen fresh while somebody is signed in. Shows nothing. */
export function Stream() {
  const queries = useQueryClient();
  useEffect(() => {
    const waiting = new Set<LiveKind>();
    let timer: ReturnType<typeof setTimeout> | null = null;
    // A busy yard brings hundreds of runs a second: read again at most once a second per kind.
    const flush = () => {
      timer = null;
      for (const kind of waiting) {
        for (const queryKey of STALE[kind]) void queries.invalidateQueries({ queryKey });
      }
      waiting.clear();
    };
    const close = openStream({
      news(news) {
        for (const listener of newsListeners) listener(news);
        waiting.add(news.kind);
        timer ??= setTimeout(flush, CALM_MS);
      },
      state() {},
      // The list of runs never moves under its reader, also not while the stream is down: who counts them looks.
      poll() {
        for (const listener of newsListeners) listener({ kind: 'run', data: {} });
        void queries.invalidateQueries({
          predicate: ({ queryKey }) => !(queryKey[0] === 'runs' && queryKey[1] === 'list'),
        });
      },
    });
    return () => {
      if (timer !== null) clearTimeout(timer);
      close();
    };
  }, [queries]);
  return null;
}
