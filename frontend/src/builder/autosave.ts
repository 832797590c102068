/**
 * Drafts save themselves 800 ms after the last change, one request at a time, each naming the draft it was made
 * from. When the server is away the draft is kept in this browser and sent again.
 */
import { readRule, saveDraft } from '../api/builder';
import { isProblem, isRecord } from '../api/client';
import { documentOf, open } from '../model/graph';
import { isObject, type JSONObject } from '../model/json';
import type { BuilderStore, Theirs } from './store';

const QUIET_MS = 800;
const AGAIN_MS = 4000;

export type Autosave = {
  /** Saves what is open now; resolves to the etag of the saved draft, null where that was not possible. */
  readonly flush: () => Promise<string | null>;
  readonly stop: () => void;
};

const keptKey = (id: number): string => `ruleyard.draft.${id}`;

function keep(id: number, value: { etag: string; document: JSONObject } | null): void {
  try {
    if (value) localStorage.setItem(keptKey(id), JSON.stringify(value));
    else localStorage.removeItem(keptKey(id));
  } catch {
    // Private windows may refuse storage; the draft then lives in the open page only.
  }
}

export type Kept = { readonly document: JSONObject; readonly etag: string };

/** A draft that this browser kept while the server was away or the page closed, and the draft that it was made from. */
export function keptDraft(id: number): Kept | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keptKey(id)) ?? 'null');
    if (!isObject(kept)) return null;
    const { document, etag } = kept;
    return isObject(document) && typeof etag === 'string' ? { document, etag } : null;
  } catch {
    return null;
  }
}

/** The server has it, or nobody wants it any more. */
export function forgetKept(id: number): void {
  keep(id, null);
}

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

  async function send(): Promise<string | null> {
    const { ruleId, history, etag } = store.getState();
    const opened = history.present;
    const document = documentOf(opened);
    store.setState({ save: 'saving' });
    try {
      const answer = await saveDraft(ruleId, document, etag);
      keep(ruleId, null);
      const unchanged = store.getState().history.present === opened;
      store.setState({
        etag: answer.etag,
        saved: opened,
        save: unchanged ? 'saved' : 'waiting',
      });
      onSaved();
      if (!unchanged) wait(QUIET_MS);
      return unchanged ? answer.etag : null;
    } catch (error) {
      if (isProblem(error) && error.status === 412) {
        store.setState({ save: 'conflict', theirs: await readTheirs(ruleId, error.body) });
      } else if (isProblem(error) && error.status !== 0 && error.status < 500) {
        store.setState({ save: 'refused' });
      } else {
        keep(ruleId, { etag, document });
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
    const { ruleId, history, saved, etag, save } = store.getState();
    if (history.present !== saved && save !== 'conflict')
      keep(ruleId, { etag, document: documentOf(history.present) });
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
