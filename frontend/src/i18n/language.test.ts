import { afterEach, expect, test, vi } from 'vitest';
import { firstLanguage, i18next, showLanguage, spokenOf, startI18n } from '.';
import { problemText } from './problemText';

afterEach(() => {
  localStorage.clear();
  vi.restoreAllMocks();
});

test('the first language that is spoken here, in the order of the reader', () => {
  expect(spokenOf(['de-DE', 'ru-RU', 'en'])).toBe('ru');
  expect(spokenOf(['zh-Hant-TW', 'en'])).toBe('zh');
  expect(spokenOf(['KO'])).toBe('ko');
  expect(spokenOf(['de', 'fr'])).toBe('en');
  expect(spokenOf([])).toBe('en');
});

test('what was chosen in this browser wins over its own languages', () => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['fr', 'ko']);
  expect(firstLanguage()).toBe('ko');
  localStorage.setItem('ruleyard.language', 'ru');
  expect(firstLanguage()).toBe('ru');
  localStorage.setItem('ruleyard.language', 'xx');
  expect(firstLanguage()).toBe('ko');
});

test('a language that was switched to is the first one next time', async () => {
  await startI18n('en');
  await showLanguage('ko');
  expect(firstLanguage()).toBe('ko');
  expect(document.documentElement.lang).toBe('ko');
});

test('words of a room that a page was not loaded with come by themselves', async () => {
  await startI18n('en');
  expect(i18next.t('smsProvider.test')).toBe('smsProvider.test');
  await vi.waitFor(() => expect(i18next.exists('smsProvider')).toBe(true), { timeout: 10_000 });
});

test('so do the words of a problem that two rooms may have', async () => {
  await startI18n('en');
  const problem = { code: 'not-a-list', message: 'As the server says it.' };
  expect(problemText(problem, i18next.t)).toBe('As the server says it.');
  await vi.waitFor(() => expect(i18next.exists('problems')).toBe(true), { timeout: 10_000 });
  expect(problemText(problem, i18next.t)).toBe(i18next.t('problems.code.not-a-list'));
  expect(problemText(problem, i18next.t)).not.toBe('As the server says it.');
});
