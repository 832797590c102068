import { expect, test } from 'vitest';
import { bytes } from './bytes';

test.each([
  [0, '0 kB'],
  [8_192, '8 kB'],
  [1_250_000, '1.3 MB'],
  [245_400_000, '245 MB'],
  [21_474_836_480, '21.5 GB'],
  [5e15, '5,000 TB'],
])('%d bytes are said as %s', (size, words) => {
  expect(bytes(size, 'en-GB')).toBe(words);
});
