// @vitest-environment node
import { expect, test } from 'vitest';
import { hasWords } from './fold';

test('every word must stand in the text, in any order and case', () => {
  expect(hasWords('Dark colours', 'colours dark')).toBe(true);
  expect(hasWords('Dark colours', 'dark blue')).toBe(false);
  expect(hasWords('Dark colours', '')).toBe(true);
});

test('ё is found by е, and the other way round', () => {
  expect(hasWords('Создать отчёт', 'отчет')).toBe(true);
  expect(hasWords('ОТЧЕТ', 'отчёт')).toBe(true);
});
