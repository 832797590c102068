// @vitest-environment node
import { createInstance } from 'i18next';
import { expect, test } from 'vitest';
import en from './en/problems.json';
import ko from './ko/problems.json';
import { problemText } from './problemText';
import ruHours from './ru/hours.json';
import ru from './ru/problems.json';

const i18n = createInstance();
await i18n.init({
  lng: 'en',
  resources: {
    en: { translation: { problems: en } },
    ko: { translation: { problems: ko } },
    ru: { translation: { problems: ru, hours: ruHours } },
  },
  interpolation: { escapeValue: false },
});

const choice = {
  code: 'unknown-choice',
  message: '"status" is never "calback".',
  args: { name: 'status', value: 'calback', choices: ['new', 'callback'], suggestion: 'callback' },
};

test('a problem is said in the language of the reader, with what was perhaps meant', () => {
  expect(problemText(choice, i18n.getFixedT('ru'))).toBe(
    'Поле «Status» не принимает значение «calback». Возможные значения: new, callback. Возможно, имелось в виду «callback»?',
  );
  expect(problemText(choice, i18n.getFixedT('ko'))).toContain('“Status” 필드에는 “calback” 값이');
});

test('kinds of values are words, too', () => {
  const mismatch = {
    code: 'type-mismatch',
    message: 'x',
    args: { name: 'attempts', left: ['number'], right: ['text'] },
  };
  expect(problemText(mismatch, i18n.getFixedT('ru'))).toBe(
    'В поле «Attempts» — число, а здесь — текст: они не подходят друг к другу.',
  );
});

test('a part of a schedule has its own words', () => {
  const problem = { code: 'bad-schedule', message: 'x', args: { part: 'days' } };
  expect(problemText(problem, i18n.getFixedT('en'))).toBe('Choose at least one day of the week.');
});

test('a code that is not known here is said in the words of the server', () => {
  const problem = { code: 'from-the-future', message: 'Something new.', args: { suggestion: 'x' } };
  expect(problemText(problem, i18n.getFixedT('ko'))).toBe('Something new.');
});

test('a field that is empty is named as its form names it', () => {
  const empty = { code: 'missing-text', message: 'x', args: { key: 'column' } };
  expect(problemText(empty, i18n.getFixedT('ru'))).toBe('Поле «Какая дата» пусто. Заполните его.');
  const unheard = { code: 'unknown-key', message: 'x', args: { key: 'column' } };
  expect(problemText(unheard, i18n.getFixedT('ru'))).toContain('«column»');
});

test('the day on which the holidays end is told as the language tells days', () => {
  const ends = { code: 'holidays-end', message: 'x', args: { date: '2026-12-31', year: 2027 } };
  expect(problemText(ends, i18n.getFixedT('ru'))).toBe(
    'Праздники после 31 дек. 2026 г. неизвестны. Заполните 2027 год.',
  );
});
