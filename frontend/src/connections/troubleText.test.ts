import { beforeAll, expect, test } from 'vitest';
import { toProblem } from '../api/client';
import { i18next, showLanguage, startI18n } from '../i18n';
import { testTrouble, troubleText } from './troubleText';

beforeAll(() => startI18n('en'));

const trouble = {
  code: 'reach-refused',
  message: 'crm:5432 answered with an error.',
  detail: 'too many clients.',
  args: { where: 'crm:5432' },
};

test('a trouble is told in the words of a language, then in those of the other side', async () => {
  await showLanguage('ru');
  const told = troubleText({ trouble, state_reason: 'English' }, i18next.t);
  expect(told).toBe('crm:5432 отвечает ошибкой. too many clients.');
  expect(troubleText({ trouble, reason: 'English' }, i18next.t)).toBe(told);
});

test('what an earlier release wrote down is told as it was written', async () => {
  await showLanguage('ru');
  expect(troubleText({ trouble: null, state_reason: 'no answer' }, i18next.t)).toBe('no answer');
  const unknown = { ...trouble, code: 'reach-somehow' };
  expect(troubleText({ trouble: unknown, reason: 'English' }, i18next.t)).toBe(
    'crm:5432 answered with an error. too many clients.',
  );
});

test('a test that the other side refused is told as the connection knows it, another refusal is not', async () => {
  await showLanguage('ru');
  const failing = { trouble, state_reason: 'English' };
  expect(testTrouble(toProblem(502, { detail: 'English' }), failing, i18next.t)).toBe(
    'crm:5432 отвечает ошибкой. too many clients.',
  );
  expect(testTrouble(toProblem(409, {}), failing, i18next.t)).toBeNull();
  expect(testTrouble(toProblem(502, {}), { trouble: null, state_reason: '' }, i18next.t)).toBeNull();
});
