import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rule as anyRule } from './arbitrary';
import { open, write } from './graph';
import type { JSONObject } from './json';
import { unfilledProblems } from './problems';
import type { Rule, RuleNode, Step } from './rule';
import { nodeOf, stepIds } from './rule';
import { sentence } from './sentence';
import { startChange } from './start';
import { inEffect, isOff, LONGEST_NOTE, maySwitchOff, noteOf, switched, withNote } from './switched';
import { withSides } from './ways';
import { plain } from './wording';

type Case = { name: string; document: JSONObject; ways: JSONObject[] };
const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(`${import.meta.dirname}/../../../shared-schemas/vectors/off/effect.json`, 'utf8'),
);

function opened(document: JSONObject): Rule {
  const found = open(document);
  if (found.kind !== 'rule') throw new Error(found.why);
  return found;
}

const sorted = (ways: unknown): string[] =>
  Array.isArray(ways) ? ways.map((way) => JSON.stringify(way)).sort() : [];

test.each(cases)('as the server says: $name', ({ document, ways }) => {
  expect(sorted(write(inEffect(opened(document)))['edges'])).toEqual(sorted(ways));
});

const action: RuleNode = { id: 'a', kind: 'action', do: 'notify', fields: {} };

test('switching off and on again is the same step', () => {
  const off = switched(action, 'off');
  expect(isOff(off)).toBe(true);
  expect(switched(off, 'on')).toEqual(action);
});

test('neither the start nor an end is switched off', () => {
  for (const kind of ['trigger', 'end']) {
    expect(maySwitchOff({ id: 'x', kind })).toBe(false);
    expect(isOff(switched({ id: 'x', kind }, 'off'))).toBe(false);
  }
});

test('a note is kept, cut at its longest, and gone when it is empty', () => {
  expect(noteOf(action)).toBe('');
  expect(noteOf(withNote(action, 'why'))).toBe('why');
  expect(noteOf(withNote(action, 'x'.repeat(2_000)))).toHaveLength(LONGEST_NOTE);
  expect(withNote(withNote(action, 'why'), '')).toEqual(action);
});

const someOff = fc.tuple(anyRule, fc.array(fc.boolean(), { maxLength: 30 })).map(([rule, off]): Rule => {
  let at = 0;
  const one = (step: Step): Step => {
    const node = off[at++] ? switched(step.node, 'off') : step.node;
    return withSides({ ...step, node }, (side) => side.steps.map(one));
  };
  return { ...rule, steps: rule.steps.map(one) };
});

test('a rule in effect has no step that is off, loses none that is on but on a No side, and stays so', () => {
  fc.assert(
    fc.property(someOff, (rule) => {
      const acting = inEffect(rule);
      const ids = stepIds(acting);
      expect(ids.every((id) => !isOff(nodeOf(acting, id) ?? action))).toBe(true);
      expect(inEffect(acting)).toBe(acting);
      const order = stepIds(rule).filter((id) => ids.includes(id));
      expect(ids).toEqual(order);
      if (stepIds(rule).every((id) => !isOff(nodeOf(rule, id) ?? action))) expect(acting).toBe(rule);
    }),
  );
});

const start = {
  id: 't',
  kind: 'trigger',
  on: 'change',
  table: 'public.leads',
  events: ['update'],
  columns: ['status'],
};
const becameWon = {
  and: [{ '!==': [{ var: 'before.status' }, 'won'] }, { '===': [{ var: 'after.status' }, 'won'] }],
};
const changed = (off: boolean): Rule =>
  opened({
    nodes: [
      start,
      { id: 'c', kind: 'condition', logic: becameWon, ...(off ? { off } : {}) },
      { id: 'a', kind: 'action', do: 'notify', fields: { title: '' } },
    ],
    edges: [
      ['t', 'c'],
      ['c', 'a', 'yes'],
    ],
  });

test('an If that says what the start changes to says so only while it is on', () => {
  expect(startChange(changed(false))?.to).toEqual({ kind: 'value', value: 'won' });
  expect(startChange(changed(true))?.to).toBe(null);
});

test('a step that is off may stay unfinished, but a wait says how long', () => {
  const row = (off: boolean): Rule =>
    opened({
      nodes: [
        { id: 't', kind: 'trigger', on: 'manual' },
        { id: 'c', kind: 'condition', logic: { and: [{ '===': [] }] }, off },
        { id: 'a', kind: 'action', do: 'notify', fields: {}, off },
        { id: 'w', kind: 'wait', amount: 0, unit: 'days', off },
      ],
      edges: [
        ['t', 'c'],
        ['c', 'a', 'yes'],
        ['a', 'w'],
      ],
    });
  expect(unfilledProblems(row(false)).map((one) => one.step)).toEqual(['c', 'a', 'w']);
  expect(unfilledProblems(row(true)).map((one) => one.step)).toEqual(['w']);
});

test('the sentence leaves out what is off', () => {
  const words = {
    phrase: (key: string) => (key === 'sentence.whole' ? '{start}: {steps}' : key),
    record: () => '',
    table: () => '',
    field: (path: string) => path,
    value: String,
    list: (items: readonly string[]) => items.join(),
    duration: () => '',
    schedule: () => '',
    hours: () => '',
  };
  const text = (rule: Rule): string => plain(sentence(rule, words));
  expect(text(changed(true))).toContain('do.notify');
  const none = { ...changed(true), steps: [] };
  const off: Rule = { ...none, steps: [{ kind: 'plain', node: switched(action, 'off') }] };
  expect(text(off)).toBe(text(none));
});
