import { expect, test } from 'vitest';
import { around, offsetOf } from './lines';

const TEXT = '{\n  "name": "😀",\n  "nodes": }';

test('a place is found by its line and column', () => {
  expect(TEXT.charAt(offsetOf(TEXT, { line: 3, column: 12 }))).toBe('}');
});

test('a column counts characters, also those of two units', () => {
  expect(TEXT.charAt(offsetOf(TEXT, { line: 2, column: 13 }))).toBe('"');
});

test('a place behind the text is its end', () => {
  expect(offsetOf(TEXT, { line: 9, column: 1 })).toBe(TEXT.length);
});

test('the lines around a place have their own numbers', () => {
  expect(around(TEXT, { line: 3, column: 1 }, 1)).toEqual([
    { number: 2, text: '  "name": "😀",' },
    { number: 3, text: '  "nodes": }' },
  ]);
});
