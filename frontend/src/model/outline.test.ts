import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rule as anyRule } from './arbitrary';
import { depthOf, isLong, outline } from './outline';
import { countSteps, type Rule, type RuleNode, type Step } from './rule';
import { inEffect } from './switched';
import type { Words } from './wording';

const words: Words = {
  phrase: (key) => key,
  field: (path) => path,
  value: (value) => String(value),
  record: (table) => table,
  table: (table) => table,
  duration: (amount, unit) => `${amount} ${unit}`,
  list: (items) => items.join(' '),
  schedule: () => '',
  hours: () => '',
};

const wait = (id: string): Step => ({ kind: 'plain', node: { id, kind: 'wait', amount: 1, unit: 'hours' } });
const split = (id: string, yes: Step[], no: Step[]): Step => ({
  kind: 'if',
  node: { id, kind: 'condition', logic: true },
  yes,
  no,
});
const start: RuleNode = { id: 't', kind: 'trigger', on: 'manual' };
const made = (...steps: Step[]): Rule => ({ kind: 'rule', head: {}, trigger: start, steps });

test('every step has its line, indented by the branches around it, and a side says where it begins', () => {
  const { lines, left } = outline(
    made(split('a', [wait('b'), split('c', [], [wait('d')])], [wait('e')]), wait('f')),
    words,
  );
  expect(lines.map(({ step, depth, side, lead }) => [step, depth, side, lead])).toEqual([
    ['t', 0, null, 'start'],
    ['a', 0, null, 'if'],
    ['b', 1, 'yes', 'step'],
    ['c', 1, null, 'if'],
    ['d', 2, 'no', 'step'],
    ['e', 1, 'no', 'step'],
    ['f', 0, null, 'step'],
  ]);
  expect(left).toBe(0);
});

test('a rule is long from 26 steps on, or with three branches inside each other', () => {
  const row = (count: number): Step[] => Array.from({ length: count }, (_, index) => wait(`w${index}`));
  expect(isLong(made(...row(25)), words)).toBe(false);
  expect(isLong(made(...row(26)), words)).toBe(true);
  expect(isLong(made(split('a', [split('b', [wait('w')], [])], [])), words)).toBe(false);
  expect(isLong(made(split('a', [], [split('b', [split('c', [], [])], [])])), words)).toBe(true);
  expect(depthOf([])).toBe(0);
});

test('any rule: as many lines as asked for, and the rest is counted', () => {
  fc.assert(
    fc.property(anyRule, fc.integer({ min: 1, max: 12 }), (rule, most) => {
      const whole = outline(rule, words);
      const some = outline(rule, words, most);
      expect(some.lines).toEqual(whole.lines.slice(0, most));
      expect(some.lines.length + some.left).toBe(whole.lines.length);
      expect(whole.lines.length).toBeLessThanOrEqual(countSteps(inEffect(rule).steps) + 1);
    }),
  );
});
