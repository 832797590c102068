// @vitest-environment node
import { expect, test } from 'vitest';
import { BEGUN, heard, nextStep } from './steps';

const NEW = {
  ruleId: 7,
  fresh: true,
  start: false,
  condition: false,
  action: false,
  tested: false,
  on: false,
};

test('the first new rule becomes the one of the tour', () => {
  const kept = heard(BEGUN, NEW);
  expect(kept).toEqual({ state: 'going', ruleId: 7, done: ['make'] });
  expect(nextStep(kept.done)).toBe('start');
});

test('steps are ticked as they are done, and unticked when undone; a test stays done', () => {
  let kept = heard(BEGUN, { ...NEW, start: true, condition: true, tested: true });
  expect(kept.done).toEqual(['make', 'start', 'if', 'test']);
  kept = heard(kept, { ...NEW, start: true });
  expect(kept.done).toEqual(['make', 'start', 'test']);
  expect(nextStep(kept.done)).toBe('if');
});

test('a rule that was on before is not taken for the first one', () => {
  expect(heard(BEGUN, { ...NEW, ruleId: 1, fresh: false, on: true })).toBe(BEGUN);
});

test('another new rule takes over until the first is on', () => {
  const first = heard(BEGUN, NEW);
  expect(heard(first, { ...NEW, ruleId: 8 }).ruleId).toBe(8);
  const on = heard(first, { ...NEW, fresh: false, on: true });
  expect(heard(on, { ...NEW, ruleId: 8 })).toBe(on);
});

test('a rule that is on has every step before done, also the If that it has not', () => {
  const on = heard(heard(BEGUN, NEW), { ...NEW, fresh: false, start: true, action: true, on: true });
  expect(nextStep(on.done)).toBe('run');
  expect(nextStep([...on.done, 'run'])).toBeNull();
});

test('what is heard twice changes nothing', () => {
  const kept = heard(BEGUN, NEW);
  expect(heard(kept, NEW)).toBe(kept);
});
