import { expect, test } from 'vitest';
import { homeCode, leftOf } from './pasted';

test('what was not taken is left, each line once, in its order', () => {
  const pasted = '+821012345678\r\nnobody\n\n010-1234';
  const left = leftOf(pasted, [
    { line: 2, code: 'no-number' },
    { line: 4, code: 'no-country' },
  ]);
  expect(left).toEqual({ text: 'nobody\n010-1234', lines: [1, 2] });
});

test('of a list that is too long, what lies beyond is left', () => {
  const left = leftOf('a\n+8210\nb\nc', [
    { line: 1, code: 'no-number' },
    { line: 3, code: 'too-many-lines' },
  ]);
  expect(left).toEqual({ text: 'a\nb\nc', lines: [1, 2] });
  expect(leftOf('+8210', [])).toEqual({ text: '', lines: [] });
});

test('numbers without a code are those at home, where a language says which', () => {
  expect([homeCode('ko'), homeCode('ru'), homeCode('en')]).toEqual(['82', '7', '']);
});
