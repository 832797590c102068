import { describe, expect, test } from 'vitest';
import type { TemplateQuestion } from '../api/types';
import { answered, faultOf, sound } from './answers';

function question(id: string, kind: TemplateQuestion['kind'], of = ''): TemplateQuestion {
  return {
    id,
    kind,
    of,
    label: id,
    more: false,
    answer: null,
    options: [],
    value_type: null,
    least: 0,
    most: 0,
  };
}

const QUESTIONS = [
  question('leads', 'table'),
  question('status', 'field', 'leads'),
  question('won', 'value', 'status'),
  question('who', 'audience'),
];

describe('a new answer', () => {
  test('takes back those that depended on the old one, and theirs', () => {
    const before = { leads: 'crm public.leads', status: 'stage', won: 'won', who: 'admin' };
    expect(answered(QUESTIONS, before, 'leads', 'crm public.deals')).toEqual({
      leads: 'crm public.deals',
      who: 'admin',
    });
  });

  test('leaves the others', () => {
    expect(answered(QUESTIONS, { leads: 'a b', won: 'x' }, 'who', 'admin')).toEqual({
      leads: 'a b',
      won: 'x',
      who: 'admin',
    });
  });
});

describe('what cannot be sent', () => {
  test.each([
    ['text', '  ', 'empty'],
    ['number', null, 'empty'],
    ['address', 'hooks.example.com', 'address'],
    ['address', 'https://hooks.example.com/x', null],
    ['text', 'Hello', null],
    ['text', undefined, null],
  ] as const)('a %s that is %j: %s', (kind, answer, fault) => {
    expect(faultOf(question('q', kind), answer)).toBe(fault);
  });

  test('stays here', () => {
    const url = question('url', 'address');
    expect(sound([url, ...QUESTIONS], { url: 'nowhere', who: 'admin' })).toEqual({ who: 'admin' });
  });
});
