import { describe, expect, test } from 'vitest';
import { spoken, wordsOf } from '../i18n/spoken';
import { actionsBefore, wentBefore } from './before';
import { addFailed, removeFailed, setStops, updateStep } from './edit';
import { open, write } from './graph';
import type { JSONObject } from './json';
import { outputsOf } from './outputs';
import { logicsOf } from './places';
import { unfilledProblems } from './problems';
import type { Rule, RuleNode } from './rule';
import { sentence } from './sentence';
import { stepWords } from './stepWords';
import {
  asWaitKind,
  atMostOf,
  awaitsSomething,
  NEW_WHERE,
  receivedSample,
  WAIT_KINDS,
  waitKind,
  withWhere,
} from './waits';
import { besidesOf, branchesOf, LATE } from './ways';
import { plain } from './wording';

const words = wordsOf((await spoken(['builder']))('en'), 'en');
const wait = (rest: JSONObject): RuleNode => ({ id: 'w', kind: 'wait', ...rest });
const paid = wait({ event: 'order.paid', at_most: { amount: 2, unit: 'hours' }, sample: { sum: 1 } });
const won = wait({
  logic: { '===': [{ var: 'after.status' }, 'won'] },
  at_most: { amount: 1, unit: 'days' },
});
const note = (id: string): RuleNode => ({ id, kind: 'action', do: 'notify', fields: { title: id } });

function ruleOf(edges: readonly (readonly string[])[], node: RuleNode = paid): Rule {
  const opened = open({
    dialect: 1,
    name: 'r',
    nodes: [{ id: 't', kind: 'trigger', on: 'manual' }, node, note('a'), note('l')].filter((one) =>
      edges.some((edge) => edge.includes(one.id)),
    ),
    edges: edges.map((edge) => [...edge]),
  });
  if (opened.kind !== 'rule') throw new Error(opened.why);
  return opened;
}
const BOTH = [
  ['t', 'w'],
  ['w', 'a'],
  ['w', 'l', 'late'],
];

test('its keys say what it waits for', () => {
  const kinds = [wait({ amount: 1 }), wait({ until: null }), paid, won].map(waitKind);
  expect(kinds).toEqual(WAIT_KINDS);
  expect([paid, won, wait({ amount: 1 }), note('a')].map(awaitsSomething)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([paid, won, wait({ amount: 1 })].map(besidesOf)).toEqual([[LATE], [LATE], []]);
  expect(branchesOf(paid)).toEqual([null, LATE]);
  expect(branchesOf(wait({ amount: 1 }))).toEqual([null]);
});

test.each(WAIT_KINDS)('it becomes another kind and keeps what both have: %s', (kind) => {
  const made = asWaitKind({ ...paid, off: true, note: 'why' }, kind);
  expect(waitKind(made)).toBe(kind);
  expect([made.id, made['off'], made['note']]).toEqual(['w', true, 'why']);
  expect(Object.hasOwn(asWaitKind(wait({}), kind), 'off')).toBe(false);
  if (awaitsSomething(made)) {
    expect(atMostOf(made)).toEqual({ amount: 2, unit: 'hours' });
    expect(atMostOf(asWaitKind(wait({ amount: 1 }), kind))).toEqual({ amount: 3, unit: 'days' });
  }
});

test('a date goes by the clock of whoever asks for it', () => {
  expect(asWaitKind(wait({}), 'date', 'Asia/Seoul')).toEqual(wait({ until: null, zone: 'Asia/Seoul' }));
  expect(asWaitKind(wait({}), 'date', 'UTC')).toEqual(wait({ until: null }));
  expect(asWaitKind(wait({}), 'time', 'Asia/Seoul')).not.toHaveProperty('zone');
});

test('how long at most, what an event must be, what it may hold', () => {
  expect(atMostOf(wait({ event: 'x' }))).toEqual({ amount: 0, unit: 'days' });
  expect(withWhere(paid, NEW_WHERE)['where']).toEqual(NEW_WHERE);
  expect(Object.hasOwn(withWhere(withWhere(paid, true), undefined), 'where')).toBe(false);
  expect(receivedSample(paid)).toEqual({ sum: 1 });
  expect(receivedSample(wait({ sample: [1] }))).toEqual({ body: [1] });
  expect(receivedSample(wait({}))).toBeNull();
  expect(receivedSample(wait({ sample: null }))).toBeNull();
});

test.each<[RuleNode, string]>([
  [wait({ amount: 3, unit: 'days' }), 'wait 3 days'],
  [wait({}), 'wait …'],
  [wait({ until: null }), 'wait until …'],
  [wait({ until: { var: 'after.due_on' } }), 'wait until Due on'],
  [wait({ until: '2027-01-01' }), 'wait until 2027-01-01'],
  [wait({ until: { var: 'after.due_on' }, amount: 2, unit: 'hours' }), 'wait until 2 hours before Due on'],
  [wait({ until: { var: 'after.due_on' }, amount: 1, side: 'after' }), 'wait until 1 day after Due on'],
  [paid, 'wait for the event “order.paid”, at most 2 hours'],
  [wait({ event: '' }), 'wait for the event “…”, at most …'],
  [won, 'wait until Status is won, at most 1 day'],
  [wait({ logic: null, at_most: {} }), 'wait until nothing, at most …'],
])('in words: %j', (node, said) => {
  const found = stepWords(node, words);
  if (node['logic'] !== null) expect(found).toBe(said);
  else expect(found).toContain('wait until');
});

test('the sentence says what is done when nothing comes in time', () => {
  expect(plain(sentence(ruleOf(BOTH), words))).toContain('(if it does not come in time: notify');
});

test.each<[string, JSONObject, readonly string[]]>([
  ['a date', { until: null }, ['choose-date until']],
  ['a date that is chosen', { until: { var: 'after.due_on' } }, []],
  ['an event', { event: '' }, ['name-event event', 'enter-amount at_most']],
  ['an event that must be something', { ...paid, where: NEW_WHERE }, ['choose-field where/and/0']],
  ['the record', { logic: NEW_WHERE, at_most: { amount: 1, unit: 'days' } }, ['choose-field logic/and/0']],
])('what is not filled in: %s', (_, rest, expected) => {
  const rule = ruleOf([['t', 'w']], wait(rest));
  const found = unfilledProblems(rule).filter((one) => one.step === 'w');
  expect(found.map((one) => `${one.code} ${one.place}`).sort()).toEqual([...expected].sort());
});

test('its conditions stand at their places', () => {
  expect(logicsOf(won).map((one) => one.at)).toEqual(['logic']);
  expect(logicsOf(withWhere(paid, true)).map((one) => one.at)).toEqual(['where']);
  expect(logicsOf(wait({ amount: 1 }))).toEqual([]);
});

test('what later steps read of it', () => {
  expect(outputsOf(won, 'public.leads')).toEqual([
    { kind: 'record', name: 'after', table: 'public.leads', only: null },
  ]);
  expect(outputsOf(paid, '').map((one) => one.name)).toEqual(['received.sum']);
  expect(outputsOf(wait({ event: 'x' }), '')).toEqual([]);
  expect(outputsOf(wait({ amount: 1 }), '')).toEqual([]);
});

describe('the path for when nothing comes in time', () => {
  test('is read from the document and written again', () => {
    const rule = ruleOf(BOTH);
    expect(write(rule)).toMatchObject({ edges: expect.arrayContaining([['w', 'l', 'late']]) });
    expect(open(write(rule))).toEqual(rule);
    expect(wentBefore(rule, 'w', 'a')).toBe('done');
    expect(wentBefore(rule, 'w', 'l')).toBe('failed');
    expect(actionsBefore(rule, 'a').map((node) => node.id)).toEqual(['w']);
  });

  test('is always there to be filled, and ends or goes on', () => {
    const bare = ruleOf([
      ['t', 'w'],
      ['w', 'a'],
    ]);
    expect(bare).toMatchObject({
      steps: [{ kind: 'split', ways: [{ branch: LATE, steps: [] }], stops: true }, {}],
    });
    const going = setStops(ruleOf(BOTH), 'w', false);
    expect(going).toMatchObject({ steps: [{ ways: [{ branch: LATE }, { branch: 'done' }] }, {}] });
    if (going.kind !== 'rule') throw new Error('refused');
    expect(setStops(going, 'w', true)).toEqual(ruleOf(BOTH));
    expect(addFailed(bare, 'w').kind).toBe('refusal');
    expect(removeFailed(bare, 'w').kind).toBe('refusal');
  });

  test('comes and goes with what it waits for', () => {
    const timed = wait({ amount: 1, unit: 'hours' });
    const rule = ruleOf(
      [
        ['t', 'w'],
        ['w', 'a'],
      ],
      timed,
    );
    expect(rule).toMatchObject({ steps: [{ kind: 'plain' }, {}] });
    expect(setStops(rule, 'w', true).kind).toBe('refusal');
    const other = updateStep(rule, 'w', paid);
    expect(other).toMatchObject({ steps: [{ kind: 'split', ways: [{ branch: LATE }] }, {}] });
    if (other.kind !== 'rule') throw new Error('refused');
    expect(updateStep(other, 'w', timed)).toEqual(rule);
  });
});
