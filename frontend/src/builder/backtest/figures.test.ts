import { expect, test } from 'vitest';
import type { Backtest } from '../../api/types';
import { LANGUAGES, spoken } from '../../i18n/spoken';
import { KINDS } from '../kinds';
import { branchesOf, coverage, doneOf, partingOf, partsOf, takenFor } from './figures';

const TEST: Backtest = {
  id: 1,
  rule_id: 1,
  document: {},
  table: 'public.leads',
  days: 7,
  state: 'succeeded',
  error: '',
  progress: { read: 412, total: 412, share: 1, known: 412, uncounted: false },
  result: {
    events: 412,
    listened: 412,
    fired: 37,
    errors: 0,
    was_fired: 0,
    new: 0,
    lost: 0,
    otherwise: 0,
    nearly: 9,
    cut: 0,
    outside: 0,
    paths: { 'c yes > a': 24, 'c no > b': 13 },
    actions: { a: 24, b: 13 },
    near: [],
  },
  compared_with: '',
  against: null,
  from_at: '2026-11-15T12:00:00Z',
  to_at: '2026-11-22T12:00:00Z',
  history_since: '2026-10-01T00:00:00Z',
  sampled: false,
  notes: [],
  created_at: '2026-11-22T12:00:00Z',
  started_at: null,
  finished_at: null,
};

test('the runs part at the first condition where they go both ways', () => {
  expect(partingOf({ 'c yes > a': 24, 'c no > b': 13 })).toEqual({ yes: 24, no: 13 });
  expect(partingOf({ 'c yes > d yes > a': 2, 'c yes > d no > b': 3 })).toEqual({ yes: 2, no: 3 });
  expect(partingOf({ 'c yes > d yes > a': 2, 'c no > b': 3, 'c yes > d no > e': 1 })).toEqual({
    yes: 3,
    no: 3,
  });
});

test('no parting is told where all went one way, or where not every way is known', () => {
  expect(partingOf({ 'c yes > a': 24 })).toBeNull();
  expect(partingOf({ a: 24 })).toBeNull();
  expect(partingOf({ 'c yes > a': 24, 'c no > b': 13, '…': 1 })).toBeNull();
});

test('actions of one kind are counted together, the most frequent first', () => {
  const nodes = [
    { id: 'a', kind: 'action', do: 'notify' },
    { id: 'b', kind: 'action', do: 'send_email' },
    { id: 'e', kind: 'action', do: 'send_email' },
    { id: 'never', kind: 'action', do: 'call_webhook' },
  ] as const;
  expect(doneOf({ a: 3, b: 2, e: 5, gone: 9 }, nodes)).toEqual([
    { kind: 'send_email', count: 7 },
    { kind: 'notify', count: 3 },
  ]);
});

test('a way is read as its branches', () => {
  expect(branchesOf('c yes > w > d no > a')).toEqual(['yes', 'no']);
  expect(branchesOf('a > b')).toEqual([]);
});

test('a history that is shorter than the period is said in days, hours or minutes', () => {
  expect(coverage(TEST)).toBeNull();
  expect(coverage({ ...TEST, history_since: '2026-11-18T12:00:00Z' })).toEqual({ amount: 4, unit: 'days' });
  expect(coverage({ ...TEST, history_since: '2026-11-22T09:10:00Z' })).toEqual({ amount: 3, unit: 'hours' });
  expect(coverage({ ...TEST, history_since: '2026-11-22T11:18:00Z' })).toEqual({
    amount: 42,
    unit: 'minutes',
  });
  expect(coverage({ ...TEST, history_since: null })).toBeNull();
});

test('the bar never counts a run twice', () => {
  const sum = (test: Backtest): number => partsOf(test).reduce((total, one) => total + one.count, 0);
  expect(sum(TEST)).toBe(37);
  expect(sum({ ...TEST, result: { ...TEST.result, errors: 4 } })).toBe(37);
  expect(sum({ ...TEST, result: { ...TEST.result, fired: 40, paths: { ...TEST.result.paths, w: 3 } } })).toBe(
    40,
  );
});

test('people are taken to approve, and the items of lists are not counted: both are said', () => {
  const ask = { id: 'q', kind: 'action', do: 'ask_approval', fields: {} };
  const mail = { id: 'm', kind: 'action', do: 'send_email', fields: {} };
  const each = { id: 'f', kind: 'for_each', over: [] };
  expect(takenFor({ q: 3, m: 3 }, [ask, mail, each])).toEqual({ approvals: 3, lists: true, listed: false });
  expect(takenFor({ m: 3 }, [ask, mail, { ...each, off: true }])).toEqual({
    approvals: 0,
    lists: false,
    listed: false,
  });
});

test('text messages are counted whoever is on the do-not-call list, which is said where a step asks it', () => {
  const text = { id: 's', kind: 'action', do: 'send_sms', fields: { unless_listed: true } };
  expect(takenFor({ s: 3 }, [text]).listed).toBe(true);
  expect(takenFor({}, [text]).listed).toBe(false);
  expect(takenFor({ s: 3 }, [{ ...text, fields: {} }]).listed).toBe(false);
});

test.each(LANGUAGES)(
  'what would have been done is told in words, whatever kind it is (%s)',
  async (language) => {
    const t = (await spoken(['backtest']))(language);
    const kinds = KINDS.filter((one) => one.group !== 'decide' && one.group !== 'flow');
    for (const { key } of kinds)
      for (const count of [1, 2, 5, 21]) expect(t(`backtest.did.${key}`, { count })).not.toBe('');
  },
);
