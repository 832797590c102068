/**
 * The live stream, one per browser: the tab that holds the Web Lock reads the server's EventSource and
 * tells the other tabs over a BroadcastChannel (six open streams would block every fetch over HTTP/1.1).
 * Only says *what* changed. Knows nothing of React.
 */
import { isRecord } from './client';
import { LIVE_KINDS, type LiveKind, type LiveNews } from './types';

const URL_PATH = '/api/v1/stream';
const NAME = 'ruleyard.live';
const POLL_MS = 10_000;
const REOPEN_MS = 3_000;
/** A stream that opens later than this, as when another tab held it so far, may have missed news of what is shown. */
const LATE_MS = 1_000;

export type StreamState = 'live' | 'polling';

export interface StreamListener {
  news: (news: LiveNews) => void;
  state: (state: StreamState) => void;
  /** Nothing is known while the stream is down, or of what it left out: read everything that is shown again. */
  poll: () => void;
}

type Said = { say: 'news'; news: LiveNews } | { say: 'state'; state: StreamState } | { say: 'reset' };

export function readNews(kind: LiveKind, data: string): LiveNews | null {
  try {
    const value: unknown = JSON.parse(data);
    return isRecord(value) ? { kind, data: value } : null;
  } catch {
    return null;
  }
}

function isSaid(value: unknown): value is Said {
  return isRecord(value) && ['news', 'state', 'reset'].some((one) => one === value['say']);
}

/** Listens until the returned function is called. */
export function openStream(listener: StreamListener): () => void {
  let source: EventSource | null = null;
  let poll: ReturnType<typeof setInterval> | null = null;
  let letGo: () => void = () => {};
  let again: ReturnType<typeof setTimeout> | null = null;
  let stopped = false;
  const begun = Date.now();
  let opened = false;
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(NAME);

  function setState(state: StreamState): void {
    listener.state(state);
    if (state === 'polling' && poll === null) poll = setInterval(() => listener.poll(), POLL_MS);
    if (state === 'live' && poll !== null) {
      clearInterval(poll);
      poll = null;
      listener.poll();
    }
  }

  function tell(said: Said): void {
    channel?.postMessage(said);
  }

  /** What was missed, the other tabs have missed too. */
  function lookAgain(): void {
    listener.poll();
    tell({ say: 'reset' });
  }

  function lead(): void {
    if (stopped || typeof EventSource === 'undefined') return;
    source = new EventSource(URL_PATH, { withCredentials: true });
    source.onopen = () => {
      if (!opened && poll === null && Date.now() - begun > LATE_MS) lookAgain();
      opened = true;
      setState('live');
      tell({ say: 'state', state: 'live' });
    };
    source.onerror = () => {
      // A refused stream (signed out, server restarting behind a proxy) is closed for good: open it anew.
      if (source?.readyState === EventSource.CLOSED && again === null) {
        again = setTimeout(() => {
          again = null;
          lead();
        }, REOPEN_MS);
      }
      setState('polling');
      tell({ say: 'state', state: 'polling' });
    };
    // This browser was too slow for the server, which has thrown news away.
    source.addEventListener('reset', lookAgain);
    for (const kind of LIVE_KINDS) {
      source.addEventListener(kind, (event) => {
        const news = event instanceof MessageEvent ? readNews(kind, String(event.data)) : null;
        if (news === null) return;
        listener.news(news);
        tell({ say: 'news', news });
      });
    }
  }

  if (channel !== null) {
    channel.onmessage = (event: MessageEvent<unknown>) => {
      if (!isSaid(event.data)) return;
      if (event.data.say === 'news') listener.news(event.data.news);
      else if (event.data.say === 'state') setState(event.data.state);
      else listener.poll();
    };
  }
  if (navigator.locks) {
    const done = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    void navigator.locks.request(NAME, async () => {
      lead();
      await done;
    });
  } else {
    lead();
  }

  return () => {
    stopped = true;
    letGo();
    source?.close();
    if (again !== null) clearTimeout(again);
    if (poll !== null) clearInterval(poll);
    channel?.close();
  };
}
