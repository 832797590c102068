import { expect, test } from 'vitest';
import type { Template, TemplateQuestion } from '../api/types';
import { noTables, told } from './templateTold';

const TABLE: TemplateQuestion = {
  id: 'table',
  kind: 'table',
  label: 'Which table?',
  more: false,
  answer: null,
  value_type: 'text',
  options: [],
  of: '',
  least: 0,
  most: 0,
};
const TEMPLATE: Template = {
  id: 'greet',
  category: 'leads',
  name: 'Greet',
  description: '',
  questions: [TABLE],
  about: null,
  document: {},
};

test('a template without a table at hand is told as no sentence, and says when there is none to choose', () => {
  expect([told(TEMPLATE), noTables(TEMPLATE)]).toEqual([false, true]);
  const choosable = {
    ...TEMPLATE,
    questions: [{ ...TABLE, options: [{ value: 'crm public.leads', label: 'Leads' }] }],
  };
  expect([told(choosable), noTables(choosable)]).toEqual([false, false]);
  expect(told({ ...choosable, about: 'crm public.leads' })).toBe(true);
  expect(told({ ...TEMPLATE, questions: [] })).toBe(true);
});
