import { beforeEach, expect, test, vi } from 'vitest';

const RULE = 7;
const draft = (name: string) => ({ document: { name, nodes: [] }, etag: '3' });

/** A page loads: anew in a tab of its own, or again in the tab of the one before it. */
async function page(tab: 'new' | 'same') {
  if (tab === 'new') sessionStorage.clear();
  vi.resetModules();
  return await import('./keptDrafts');
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test('two tabs of one rule keep a draft each, and neither forgets the other’s', async () => {
  const first = await page('new');
  const second = await page('new');
  first.keepDraft(RULE, draft('first'));
  second.keepDraft(RULE, draft('second'));
  expect(first.keptDraft(RULE)).toEqual(draft('first'));
  expect(second.keptDraft(RULE)).toEqual(draft('second'));
  second.forgetKept(RULE);
  expect(first.keptDraft(RULE)).toEqual(draft('first'));
});

test('a page that is loaded again finds what its tab kept, though another kept later', async () => {
  const other = await page('new');
  const mine = await page('new');
  mine.keepDraft(RULE, draft('mine'));
  vi.setSystemTime(Date.now() + 60_000);
  other.keepDraft(RULE, draft('theirs'));
  vi.useRealTimers();
  const reloaded = await page('same');
  expect(reloaded.keptDraft(RULE)).toEqual(draft('mine'));
  expect((await page('same')).keptDraft(RULE)).toEqual(draft('mine'));
});

test('what closed tabs kept is offered one after the other, the newest first, until it is forgotten', async () => {
  const first = await page('new');
  first.keepDraft(RULE, draft('older'));
  const second = await page('new');
  vi.setSystemTime(Date.now() + 60_000);
  second.keepDraft(RULE, draft('newer'));
  second.keepDraft(RULE + 1, draft('of another rule'));
  vi.useRealTimers();
  const later = await page('new');
  const offered = [];
  for (let kept = later.keptDraft(RULE); kept; kept = later.keptDraft(RULE)) {
    offered.push(kept.document['name']);
    later.forgetKept(RULE);
  }
  expect(offered).toEqual(['newer', 'older']);
  expect(later.keptDraft(RULE + 1)).toEqual(draft('of another rule'));
});

test('what cannot be read is as if it were not there', async () => {
  localStorage.setItem(`ruleyard.draft.${RULE}.x`, '{"document":');
  localStorage.setItem(`ruleyard.draft.${RULE}.y`, '{"document":3,"etag":"1"}');
  expect((await page('new')).keptDraft(RULE)).toBeNull();
});
