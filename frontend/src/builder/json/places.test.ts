// @vitest-environment node
import { jsonLanguage } from '@codemirror/lang-json';
import { describe, expect, test } from 'vitest';
import { placeIn } from './places';

const TEXT = `{
  "kind": "action",
  "fields": {
    "to": ["a@b.c", "x"],
    "a/b": { "var": "after.name" },
    "plan\\u0065d": 3
  }
}`;

function marked(pointer: string, text = TEXT): string {
  const { from, to } = placeIn(text, jsonLanguage.parser.parse(text), pointer);
  return text.slice(from, to);
}

describe('a pointer in a text', () => {
  test.each([
    ['/kind', '"action"'],
    ['/fields/to/1', '"x"'],
    ['/fields/a~1b/var', '"after.name"'],
    ['/fields/planed', '3'],
  ])('%s stands at its value', (pointer, value) => expect(marked(pointer)).toBe(value));

  test('of a value of several lines its first line is marked', () => expect(marked('/fields')).toBe('{'));

  test('what is missing is marked where it would stand', () => {
    expect(marked('/fields/to/7')).toBe('["a@b.c", "x"]');
    expect(marked('/name')).toBe('{');
  });

  test('it is found in a text that is broken further down, and nothing in an empty one', () => {
    expect(marked('/fields/to/0', TEXT.replace('"planned', '"'))).toBe('"a@b.c"');
    expect(marked('/kind', '')).toBe('');
  });
});
