import { expect, test } from 'vitest';
import type { JSONObject } from './json';
import type { Rule } from './rule';
import { FIRST, mostOf, setTiming, takes, timingOf } from './timing';

const rule = (head: JSONObject): Rule => ({
  kind: 'rule',
  head,
  trigger: { id: 't', kind: 'trigger', on: 'manual' },
  steps: [],
});

test('what a policy asks for is read, and nothing where it asks for nothing', () => {
  expect(timingOf({})).toEqual({ pace: null, settle: null, batch: null });
  expect(timingOf(FIRST)).toEqual({
    pace: { atMost: 10, per: 'minute' },
    settle: { amount: 30, unit: 'seconds' },
    batch: { atMost: 50, within: { amount: 10, unit: 'minutes' } },
  });
  expect(timingOf({ pace: { at_most: 5, per: 'hour' } }).pace).toEqual({ atMost: 5, per: 'hour' });
});

test('what makes no sense is 0', () => {
  expect(timingOf({ pace: { at_most: 'x' }, settle: { unit: 'years' }, batch: {} })).toEqual({
    pace: { atMost: 0, per: 'minute' },
    settle: { amount: 0, unit: 'seconds' },
    batch: { atMost: 0, within: { amount: 0, unit: 'seconds' } },
  });
});

test('so many runs take so many minutes', () => {
  expect(takes({ atMost: 10, per: 'minute' }, 120)).toBe(12);
  expect(takes({ atMost: 50, per: 'hour' }, 120)).toBe(3);
  expect(takes({ atMost: 0, per: 'hour' }, 120)).toBeNull();
});

test('a day is the longest span', () => {
  expect([mostOf('seconds'), mostOf('minutes'), mostOf('hours')]).toEqual([86_400, 1_440, 24]);
});

test('one part is set or taken out, and the others stay', () => {
  const paced = setTiming(rule({ policy: { limit: 5 } }), 'pace', { at_most: 3, per: 'hour' });
  expect(paced.head['policy']).toEqual({ limit: 5, pace: { at_most: 3, per: 'hour' } });
  expect(setTiming(paced, 'pace', null).head['policy']).toEqual({ limit: 5 });
  expect(setTiming(rule({}), 'settle', null).head['policy']).toEqual({});
});
