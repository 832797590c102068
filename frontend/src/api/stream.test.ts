import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStream } from './stream';

class FakeSource extends EventTarget {
  static last: FakeSource;
  static readonly CLOSED = 2;
  readyState = 0;
  onopen: () => void = () => {};
  onerror: () => void = () => {};
  constructor() {
    super();
    FakeSource.last = this;
  }
  close(): void {}
}

const listener = { news: vi.fn(), state: vi.fn(), poll: vi.fn() };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  for (const one of Object.values(listener)) one.mockClear();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('news that the server threw away is made good by reading everything again', () => {
  const close = openStream(listener);
  FakeSource.last.onopen();
  FakeSource.last.dispatchEvent(new MessageEvent('reset', { data: '{}' }));
  expect(listener.poll).toHaveBeenCalledTimes(1);
  close();
});

test('a stream that opens late has missed news, one that opens at once has not', () => {
  const quick = openStream(listener);
  FakeSource.last.onopen();
  expect(listener.poll).not.toHaveBeenCalled();
  quick();
  const late = openStream(listener);
  vi.setSystemTime(Date.now() + 5_000);
  FakeSource.last.onopen();
  expect(listener.poll).toHaveBeenCalledTimes(1);
  late();
});

test('whoever takes the stream over from another tab tells the rest to read again, too', () => {
  const said: unknown[] = [];
  class FakeChannel {
    onmessage = null;
    postMessage(one: unknown): void {
      said.push(one);
    }
    close(): void {}
  }
  vi.stubGlobal('BroadcastChannel', FakeChannel);
  const close = openStream(listener);
  vi.setSystemTime(Date.now() + 5_000);
  FakeSource.last.onopen();
  expect(said).toContainEqual({ say: 'reset' });
  close();
});
