import { expect, test } from 'vitest';
import type { BacktestMatch } from '../../api/types';
import { makeWords, NO_TABLES } from '../../canvas/words';
import backtest from '../../i18n/en/backtest.json';
import english from '../../i18n/en/builder.json';
import type { JSONValue } from '../../model/json';
import type { RuleNode } from '../../model/rule';
import { missedText, neededText, seenText } from './reasons';

const ROOMS: Readonly<Record<string, unknown>> = { builder: english, backtest };

function say(key: string, values: Record<string, unknown> = {}): string {
  let at: unknown = ROOMS;
  for (const part of key.split('.')) {
    at =
      typeof at === 'object' && at !== null
        ? Object.entries(at).find(([name]) => name === part)?.[1]
        : undefined;
  }
  return String(at ?? key).replace(/\{\{(\w+)\}\}/g, (whole, name) => String(values[name] ?? whole));
}

const words = makeWords((key, values) => say(`builder.${key}`, values), 'en', NO_TABLES);

const condition = (logic: JSONValue): RuleNode[] => [{ id: 'c', kind: 'condition', logic }];

function match(
  after: Record<string, unknown>,
  flips: { path: string; node?: string }[],
  more = {},
): BacktestMatch {
  return {
    event_id: 1,
    at: '2026-11-22T12:00:00Z',
    record_key: '1',
    record_label: '',
    fired: flips.length === 0,
    was: null,
    nearly: flips.length === 1,
    path: '',
    words: 'in English',
    before: null,
    after,
    changed: ['status'],
    flips: flips.map((one) => ({
      node: 'c',
      relation: '',
      seen: null,
      needed: null,
      words: 'in English',
      values: [],
      ...one,
    })),
    trace: { outcome: 'unmatched', reason: '', steps: [] },
    previews: {},
    ...more,
  };
}

const KEEN = {
  and: [{ '===': [{ var: 'after.status' }, 'won'] }, { '>=': [{ var: 'after.attempts' }, 3] }],
};

test('the comparison that was in the way is named with what the record had', () => {
  const missed = match({ status: 'won', attempts: 1 }, [{ path: '/and/1' }]);
  expect(missedText(missed, condition(KEEN), words, say)).toBe('Attempts is at least 3 (was 1)');
});

test('a guard against an empty field belongs to the comparison that it guards', () => {
  const guarded = {
    and: [{ '!==': [{ var: 'after.attempts' }, null] }, { '>=': [{ var: 'after.attempts' }, 3] }],
  };
  const missed = match({ attempts: null }, [{ path: '/and/0' }, { path: '/and/1' }]);
  expect(missedText(missed, condition(guarded), words, say)).toBe('Attempts is at least 3 (was nothing)');
});

test('what should not have been so is said so', () => {
  const none = {
    '!': [{ or: [{ '===': [{ var: 'after.status' }, 'won'] }, { '>': [{ var: 'after.attempts' }, 9] }] }],
  };
  const missed = match({ status: 'won', attempts: 1 }, [{ path: '/!/0/or/0' }]);
  expect(missedText(missed, condition(none), words, say)).toBe('not: Status is won (was won)');
  expect(neededText(condition(none), { node: 'c', path: '/!/0/or/0' }, false, words, say)).toBe(
    'not: Status is won',
  );
});

test('of a step that is not there any more the recorded words are told', () => {
  const missed = match({ attempts: 1 }, [{ path: '', node: 'gone' }]);
  expect(missedText(missed, condition(KEEN), words, say)).toBe('in English');
});

test('why it ran is told by the fields that differ from record to record first', () => {
  const steps = [{ node: 'c', kind: 'condition', state: 'succeeded' as const, attempts: 0 }];
  const ran = match({ status: 'won', attempts: 4 }, [], {
    trace: { outcome: 'succeeded', reason: '', steps },
  });
  expect(seenText(ran, condition(KEEN), words)).toBe('Attempts: 4 · Status: won');
  expect(seenText(match({ status: 'won' }, []), [], words)).toBe('Status: won');
});
