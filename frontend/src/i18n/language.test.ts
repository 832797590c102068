import { afterEach, expect, test, vi } from 'vitest';
import { firstLanguage, showLanguage, spokenOf, startI18n } from '.';

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
