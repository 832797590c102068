/**
 * Drafts that this browser keeps while the server is away. Each open page keeps its own, so that two tabs of one rule
 * never write over each other; a page that is gone leaves its draft to the next one. Knows nothing of the server.
 */
import { isObject, type JSONObject } from '../model/json';

/** A draft, and the etag of the one that it was made from. */
export type Kept = { readonly document: JSONObject; readonly etag: string };

const PAGE_KEY = 'ruleyard.page';
const PAGE = [...crypto.getRandomValues(new Uint32Array(2))].map((one) => one.toString(36)).join('');
/** The page that stood in this tab before it was loaded anew. */
const FORMER = followed();

function followed(): string | null {
  try {
    const former = sessionStorage.getItem(PAGE_KEY);
    sessionStorage.setItem(PAGE_KEY, PAGE);
    return former;
  } catch {
    return null;
  }
}

const nameOf = (ruleId: number): string => `ruleyard.draft.${ruleId}`;
const keyOf = (ruleId: number, page: string): string => `${nameOf(ruleId)}.${page}`;

/** False where the browser refuses, private windows may; the draft then lives in the open page only. */
export function keepDraft(ruleId: number, kept: Kept): boolean {
  try {
    localStorage.setItem(keyOf(ruleId, PAGE), JSON.stringify({ ...kept, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

/** The server has what this page kept, or nobody wants it any more. */
export function forgetKept(ruleId: number): void {
  forget(keyOf(ruleId, PAGE));
}

function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Then nothing was kept either.
  }
}

type Found = Kept & { readonly key: string; readonly at: number };

function read(key: string): Found | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (!isObject(kept)) return null;
    const { document, etag, at } = kept;
    if (!isObject(document) || typeof etag !== 'string') return null;
    return { document, etag, key, at: typeof at === 'number' ? at : 0 };
  } catch {
    return null;
  }
}

function newest(ruleId: number): Found | null {
  const ofRule = (key: string): boolean => key === nameOf(ruleId) || key.startsWith(`${nameOf(ruleId)}.`);
  try {
    const found = Object.keys(localStorage).filter(ofRule).map(read);
    return found.filter((one) => one !== null).sort((a, b) => b.at - a.at)[0] ?? null;
  } catch {
    return null;
  }
}

/**
 * What was kept of a rule: by this page, by the one before it in this tab, else by any, the newest first. It is this
 * page's from then on; the tab that it came from, should it still be open, keeps it again when it next tries to save.
 */
export function keptDraft(ruleId: number): Kept | null {
  const found =
    read(keyOf(ruleId, PAGE)) ?? (FORMER === null ? null : read(keyOf(ruleId, FORMER))) ?? newest(ruleId);
  if (!found) return null;
  const { key, document, etag } = found;
  if (key !== keyOf(ruleId, PAGE) && keepDraft(ruleId, { document, etag })) forget(key);
  return { document, etag };
}
