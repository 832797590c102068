import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import type { BacktestMatch } from '../../api/types';
import { makeWords, NO_TABLES } from '../../canvas/words';
import builder from '../../i18n/en/builder.json';
import why from '../../i18n/en/why.json';
import type { JSONValue } from '../../model/json';
import type { RuleNode } from '../../model/rule';
import { missedText, neededText, seenText } from './reasons';

beforeAll(async () => {
  await i18next.init({
    lng: 'en',
    resources: { en: { translation: { builder, why } } },
    interpolation: { escapeValue: false },
  });
});

const words = makeWords((key, values) => i18next.t(`builder.${key}`, values ?? {}), 'en', NO_TABLES);
const condition = (logic: JSONValue): RuleNode[] => [{ id: 'c', kind: 'condition', logic }];
const KEEN = {
  and: [{ '===': [{ var: 'after.status' }, 'won'] }, { '>=': [{ var: 'after.attempts' }, 3] }],
};

const MATCH: BacktestMatch = {
  event_id: 1,
  at: '2026-11-22T12:00:00Z',
  record_key: '1',
  record_label: '',
  fired: false,
  was: null,
  nearly: true,
  path: '',
  words: 'attempts is at least 3 (it was 1)',
  before: null,
  after: { status: 'won', attempts: 1 },
  changed: ['status'],
  flips: [
    {
      node: 'c',
      path: '/and/1',
      relation: '>=',
      seen: 1,
      needed: 3,
      words: 'attempts is at least 3 (it was 1)',
      kind: 'compare',
      values: [1, 3],
    },
  ],
  trace: { outcome: 'unmatched', reason: '', steps: [] },
  previews: {},
};

test('the comparison that was in the way is named with what the record had', () => {
  expect(missedText(MATCH, condition(KEEN), words, i18next.t)).toBe(
    'Needed: Attempts is at least 3. It was: 1.',
  );
});

test('of a step that is not there any more the recorded words are told', () => {
  expect(missedText(MATCH, [], words, i18next.t)).toBe('attempts is at least 3 (it was 1)');
});

test('a comparison is told as it would have had to come out', () => {
  const place = { node: 'c', path: '/and/1' };
  expect(neededText(condition(KEEN), { ...place, relation: '>=' }, words)).toBe('Attempts is at least 3');
  expect(neededText(condition(KEEN), { ...place, relation: '<' }, words)).toBe('Attempts is less than 3');
  expect(neededText([], { ...place, relation: '>=' }, words)).toBeNull();
});

test('why it ran is told by the fields that differ from record to record first', () => {
  const steps = [{ node: 'c', kind: 'condition', state: 'succeeded' as const, attempts: 0, seen: [] }];
  const ran: BacktestMatch = {
    ...MATCH,
    fired: true,
    after: { status: 'won', attempts: 4 },
    flips: [],
    trace: { outcome: 'succeeded', reason: '', steps: [] },
  };
  expect(seenText(ran, [], words)).toBe('Status: won');
  const passed: BacktestMatch = { ...ran, trace: { outcome: 'succeeded', reason: '', steps } };
  expect(seenText(passed, condition(KEEN), words)).toBe('Attempts: 4 · Status: won');
});
