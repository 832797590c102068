import { describe, expect, test } from 'vitest';
import { dashboardSearch, rulesSearch, runsSearch, signInSearch } from './search';

describe('what an address carries', () => {
  test('is kept when it is known', () => {
    expect(runsSearch({ rule: 7, state: 'failed', period: '7d', key: 1041 })).toEqual({
      rule: 7,
      state: 'failed',
      period: '7d',
      key: '1041',
    });
  });

  test('names a table with its connection, or none', () => {
    expect(rulesSearch({ about: 'crm public.leads' })).toEqual({ about: 'crm public.leads' });
    expect(rulesSearch({ about: 'public.leads' })).toEqual({});
    expect(rulesSearch({ about: `crm ${'x'.repeat(300)}` })).toEqual({});
  });

  test('is dropped when it is not', () => {
    expect(runsSearch({ rule: -1, state: 'odd', period: 3, other: 'x' })).toEqual({});
    expect(rulesSearch({ status: 'nope', sort: 'drop table' })).toEqual({});
    expect(dashboardSearch({ period: '99d' })).toEqual({});
  });
});

test.each([
  ['/runs?state=failed', '/runs?state=failed'],
  ['//evil.example', undefined],
  ['/\\evil.example', undefined],
  ['https://evil.example', undefined],
])('after signing in, %j leads to %j', (next, expected) => {
  expect(signInSearch({ next }).next).toBe(expected);
});
