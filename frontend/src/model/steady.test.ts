import { expect, test } from 'vitest';
import type { StepProblem } from './problems';
import { steadyProblems } from './steady';

const problem = (step: string, code: string): StepProblem => ({
  code,
  message: null,
  severity: 'error',
  step,
  place: 'fields/to',
  side: null,
  args: { n: 1 },
  fix: { label: 'l', path: '/a', value: null },
});
const found = (...steps: [string, string][]) =>
  new Map(steps.map(([step, code]) => [step, [problem(step, code)]]));

test('the same problems found again are the same value', () => {
  const before = found(['a', 'x'], ['b', 'y']);
  expect(steadyProblems(before, found(['a', 'x'], ['b', 'y']))).toBe(before);
});

test('a step whose problems changed takes no other step along', () => {
  const before = found(['a', 'x'], ['b', 'y']);
  const now = steadyProblems(before, found(['a', 'x'], ['b', 'z']));
  expect(now.get('a')).toBe(before.get('a'));
  expect(now.get('b')?.[0]?.code).toBe('z');
});

test('what is solved is gone, and what is new is there', () => {
  const before = found(['a', 'x'], ['b', 'y']);
  expect([...steadyProblems(before, found(['a', 'x'])).keys()]).toEqual(['a']);
  expect([...steadyProblems(before, found(['a', 'x'], ['c', 'y'])).keys()]).toEqual(['a', 'c']);
});
