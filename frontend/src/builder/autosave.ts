/**
 * Drafts save themselves 800 ms after the last change, one request at a time, each naming the draft it was made
 * from. When the server is away, or nobody is signed in any more, the draft is kept in this browser and sent again.
 */
import { readRule, saveDraft } from '../api/builder';
import { isProblem, isRecord } from '../api/client';
import { documentOf, type Opened, open } from '../model/graph';
import { isObject, same } from '../model/json';
import { forgetKept, keepDraft } from './keptDrafts';
import type { BuilderStore, Theirs } from './store';

const QUIET_MS = 800;
const AGAIN_MS = 4000;

export type Autosave = {
  /** Saves what is open now; resolves to the etag of the saved draft, null where that was not possible. */
  readonly flush: () => Promise<string | null>;
  readonly stop: () => void;
};

async function readTheirs(id: number, body: Readonly<Record<string, unknown>>): Promise<Theirs> {
  const rule = await readRule(id);
  const by = body['saved_by'];
  const who = isRecord(by) && typeof by['name'] === 'string' ? by['name'] : (rule.draft.saved_by?.name ?? '');
  const document: unknown = rule.draft.document;
  return {
    document: isObject(document) ? document : {},
    etag: rule.draft.etag,
    who,
    at: rule.draft.saved_at,
  };
}

export function startAutosave(store: BuilderStore, onSaved: () => void): Autosave {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let going: Promise<string | null> | null = null;
  let stopped = false;

  const wait = (ms: number): void => {
    if (timer !== null) clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void flush(), ms);
  };

  /** The server has what was sent; null where more was changed since. */
  function accepted(sent: Opened, etag: string): string | null {
    const { ruleId, history } = store.getState();
    forgetKept(ruleId);
    const unchanged = history.present === sent;
    store.setState({ etag, saved: sent, save: unchanged ? 'saved' : 'waiting' });
    onSaved();
    if (!unchanged) wait(QUIET_MS);
    return unchanged ? etag : null;
  }

  async function send(): Promise<string | null> {
    const { ruleId, history, etag } = store.getState();
    const opened = history.present;
    const document = documentOf(opened);
    store.setState({ save: 'saving' });
    try {
      const answer = await saveDraft(ruleId, document, etag);
      return accepted(opened, answer.etag);
    } catch (error) {
      // Who signs in again finds what they typed last.
      const refused = isProblem(error) && ![0, 401].includes(error.status) && error.status < 500;
      const overtaken = refused && error.status === 412;
      const theirs = overtaken ? await readTheirs(ruleId, error.body).catch(() => null) : null;
      // The very same was saved meanwhile, by another tab that had kept it: that is no conflict.
      if (theirs && same(theirs.document, document)) return accepted(opened, theirs.etag);
      if (theirs) store.setState({ save: 'conflict', theirs });
      else if (refused && !overtaken) store.setState({ save: 'refused', refusal: error });
      else {
        keepDraft(ruleId, { etag, document });
        store.setState({ save: 'offline' });
        wait(AGAIN_MS);
      }
      return null;
    }
  }

  async function flush(): Promise<string | null> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (going) await going;
    const { history, saved, save, etag } = store.getState();
    if (history.present === saved) {
      if (save === 'waiting') store.setState({ save: 'saved' });
      return etag;
    }
    if (save === 'conflict') return null;
    going = send();
    const sent = await going;
    going = null;
    return sent;
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (state.history.present !== before.history.present && state.save !== 'conflict') wait(QUIET_MS);
  });
  // A draft that this browser had kept is not the server's yet.
  if (store.getState().history.present !== store.getState().saved) wait(0);
  // The page closes before the quiet time is over: what was typed last stays in this browser.
  const leaving = (): void => {
    const { ruleId, history, saved, etag } = store.getState();
    if (history.present !== saved) keepDraft(ruleId, { etag, document: documentOf(history.present) });
  };
  const back = (): void => {
    if (store.getState().save === 'offline') wait(0);
  };
  window.addEventListener('pagehide', leaving);
  window.addEventListener('online', back);
  return {
    flush,
    stop: () => {
      stopped = true;
      unsubscribe();
      window.removeEventListener('pagehide', leaving);
      window.removeEventListener('online', back);
      if (timer !== null) void flush();
      // What the server would not take, or what nobody decided about yet.
      else if (going === null) leaving();
    },
  };
}

/** Takes over what somebody else saved; one's own version stays reachable by undo. */
export function takeTheirs(store: BuilderStore): void {
  const { theirs, history, ruleId } = store.getState();
  if (!theirs) return;
  forgetKept(ruleId);
  const opened = open(theirs.document);
  store.setState({
    history: { past: [...history.past, history.present], present: opened, future: [], open: null },
    saved: opened,
    etag: theirs.etag,
    save: 'saved',
    theirs: null,
  });
}

/** Somebody saved it elsewhere, in another tab perhaps, and nothing of one's own is unsaved: it is shown as it is now. */
export async function follow(store: BuilderStore, etag: string): Promise<boolean> {
  const behind = (): boolean => {
    const { save, history, saved, etag: known } = store.getState();
    return save === 'saved' && history.present === saved && Number(known) < Number(etag);
  };
  if (!behind()) return false;
  const theirs = await readTheirs(store.getState().ruleId, {});
  if (!behind()) return false;
  store.setState({ theirs });
  takeTheirs(store);
  return true;
}
