import { expect, test } from 'vitest';
import { pointed } from './points';
import type { Part } from './wording';

const phrase = (text: string): Part => ({ kind: 'phrase', step: text, tone: 'tell', text });
const words = (text: string): Part => ({ kind: 'text', text });
const told = (...parts: readonly Part[]): string[] =>
  pointed(parts).map(({ part, after }) => `${part.text}|${after}`);

test('a phrase takes the signs after it; the words stay apart', () => {
  expect(told(words('When '), phrase('a'), words(', if '), phrase('b'), words('.'))).toEqual([
    'When |',
    'a|,',
    ' if |',
    'b|.',
  ]);
  expect(told(phrase('当新建'), words('，如果'), phrase('乙'), words('；否则'))).toEqual([
    '当新建|，',
    '如果|',
    '乙|；',
    '否则|',
  ]);
});

test('words and phrases without signs between them stay as they are', () => {
  expect(told(phrase('a'), phrase('b'), words(' and '), words(', c'))).toEqual([
    'a|',
    'b|',
    ' and |',
    ', c|',
  ]);
  expect(told()).toEqual([]);
});
