import { createServer, type IncomingMessage } from 'node:http';
import { waitFor } from '@testing-library/react';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { JSONObject } from '../model/json';

const RULE: JSONObject = { dialect: 1, name: 'Kept', nodes: [{ id: 't', kind: 'trigger' }], edges: [] };
const DEADLINE = { timeout: 10_000 };

/** What the server has, and how it answers; `away` cuts the line, `out`: nobody is signed in any more, `large`: it takes nothing so large. */
const server = { etag: 1, document: RULE, puts: 0, away: false, out: false, large: false };

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

const http = createServer((request, response) => {
  void bodyOf(request).then((text) => {
    if (server.away) return response.destroy();
    const say = (status: number, body: object) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    if (server.out) return say(401, { code: 'not-signed-in' });
    const saved_by = { id: 2, name: 'Kim Minji' };
    const draft = () => ({ etag: String(server.etag), document: server.document, saved_at: 'now', saved_by });
    if (request.method === 'GET') return say(200, { id: 7, draft: draft() });
    server.puts += 1;
    if (server.large) return say(422, { code: 'document-too-large', detail: 'At most 64 KB.' });
    if (request.headers['if-match'] !== String(server.etag)) return say(412, { code: 'changed', saved_by });
    server.etag += 1;
    server.document = JSON.parse(text).document;
    return say(200, draft());
  });
});

beforeAll(async () => {
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  const at = http.address();
  vi.stubGlobal('location', { origin: `http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}` });
});
afterAll(() => {
  vi.unstubAllGlobals();
  http.close();
});
beforeEach(() => {
  localStorage.clear();
  Object.assign(server, { etag: 1, document: RULE, puts: 0, away: false, out: false, large: false });
});

async function opened() {
  const { createBuilder, put } = await import('./store');
  const { startAutosave } = await import('./autosave');
  const { open } = await import('../model/graph');
  const view = 'list' as const;
  const of = { ruleId: 7, document: RULE, etag: '1', found: [], editing: true, selected: null, view };
  const store = createBuilder(of);
  const autosave = startAutosave(store, () => undefined);
  return { store, autosave, rename: (name: string) => put(store, open({ ...RULE, name })) };
}

test('what was changed is sent by itself, once typing pauses', async () => {
  const { store, autosave, rename } = await opened();
  rename('Ke');
  rename('Kept anew');
  await waitFor(() => expect(store.getState().save).toBe('saved'), DEADLINE);
  expect(server).toMatchObject({ document: { name: 'Kept anew' }, puts: 1 });
  autosave.stop();
});

test('a draft that somebody else saved meanwhile is not written over: both are there to choose from', async () => {
  const { store, autosave, rename } = await opened();
  Object.assign(server, { etag: 2, document: { ...RULE, name: 'Theirs' } });
  rename('Mine');
  await autosave.flush();
  expect(store.getState()).toMatchObject({
    save: 'conflict',
    theirs: { who: 'Kim Minji', etag: '2', document: { name: 'Theirs' } },
  });
  expect(server.document).toMatchObject({ name: 'Theirs' });
  autosave.stop();
});

test('the very same saved by another tab is no conflict', async () => {
  const { store, autosave, rename } = await opened();
  rename('Alike');
  Object.assign(server, { etag: 2, document: { ...RULE, name: 'Alike' } });
  expect(await autosave.flush()).toBe('2');
  expect(store.getState()).toMatchObject({ save: 'saved', theirs: null });
  autosave.stop();
});

test('while the server is away the draft is kept in this browser, and forgotten when it got through', async () => {
  const { keptDraft } = await import('./keptDrafts');
  const { store, autosave, rename } = await opened();
  server.away = true;
  rename('Typed while away');
  await autosave.flush();
  expect(store.getState().save).toBe('offline');
  expect(keptDraft(7)).toMatchObject({ document: { name: 'Typed while away' }, etag: '1' });
  server.away = false;
  window.dispatchEvent(new Event('online'));
  await waitFor(() => expect(store.getState().save).toBe('saved'), DEADLINE);
  expect(server.document).toMatchObject({ name: 'Typed while away' });
  expect(keptDraft(7)).toBeNull();
  autosave.stop();
});

test('what was typed when the session had ended is kept for whoever signs in again', async () => {
  const { keptDraft } = await import('./keptDrafts');
  const { autosave, rename } = await opened();
  server.out = true;
  rename('Typed too late');
  autosave.stop();
  await waitFor(() => expect(keptDraft(7)).toMatchObject({ document: { name: 'Typed too late' } }), DEADLINE);
});

test('a page that is left before somebody chose between two drafts keeps its own', async () => {
  const { keptDraft } = await import('./keptDrafts');
  const { store, autosave, rename } = await opened();
  Object.assign(server, { etag: 2, document: { ...RULE, name: 'Theirs' } });
  rename('Mine');
  await autosave.flush();
  expect(store.getState().save).toBe('conflict');
  autosave.stop();
  expect(keptDraft(7)).toMatchObject({ document: { name: 'Mine' }, etag: '1' });
});

test('why a draft is not taken is known, and forgotten once it is', async () => {
  const { store, autosave, rename } = await opened();
  server.large = true;
  rename('Too large');
  await autosave.flush();
  expect(store.getState()).toMatchObject({ save: 'refused', refusal: { detail: 'At most 64 KB.' } });
  server.large = false;
  rename('Shorter');
  await autosave.flush();
  expect(store.getState().save).toBe('saved');
  autosave.stop();
});
