import { expect, test } from 'vitest';
import { inRow } from './separators';

test.each([
  ['en', '2026, 2027, 2028'],
  ['ko', '2026, 2027, 2028'],
  ['zh', '2026、2027、2028'],
  ['ru', '2026, 2027, 2028'],
])('names in a row are parted in %s', (language, said) => {
  expect(inRow(language, ['2026', '2027', '2028'])).toBe(said);
});
