import { expect, test } from 'vitest';
import { fromJsonTemplate, toJsonTemplate } from './jsonTemplate';

const OPERATORS = new Set(['var', 'cat', 'in', 'preserve', '+']);
const read = (text: string) => fromJsonTemplate(text, OPERATORS);

test.each([
  [
    '{"a": "{{email}}", "b": [1, null, "x {{status}}"]}',
    { a: { var: 'after.email' }, b: [1, null, { cat: ['x ', { var: 'after.status' }] }] },
  ],
  [
    '{"a": {{ steps.h.output.status }}, "b": {{email}}}',
    { a: { var: 'steps.h.output.status' }, b: { var: 'after.email' } },
  ],
  ['"{{email}}"', { var: 'after.email' }],
  ['{"in": 5}', { preserve: { in: 5 } }],
  ['{}', {}],
  ['{"a": "say \\"{{email}}\\""}', { a: { cat: ['say "', { var: 'after.email' }, '"'] } }],
])('%s is read', (text, value) => {
  expect(read(text)).toEqual({ kind: 'value', value });
});

test('what is no JSON is said by its place, what would be an operator by its name', () => {
  expect(read('{"a": }')).toEqual({ kind: 'error', line: 1, column: 7 });
  expect(read('{"in": "{{email}}"}')).toEqual({ kind: 'operator', name: 'in' });
});

test.each([
  [{ a: { var: 'after.email' }, b: [{ cat: ['x ', { var: 'after.status' }] }, 2] }],
  [{ preserve: { in: 5 } }],
  [[]],
  [{ deep: { deeper: [true, { preserve: { var: 'x' } }] } }],
])('%j goes into text and comes back', (value) => {
  const text = toJsonTemplate(value, OPERATORS);
  expect(read(text ?? '')).toEqual({ kind: 'value', value });
});

test.each([
  [{ '+': [1, 2] }],
  [{ a: { var: ['after.email', 'x'] } }],
  [{ preserve: 5 }],
  [{ preserve: null }],
  ['{{email}}'],
])('%j is more than text with fields', (value) => {
  expect(toJsonTemplate(value, OPERATORS)).toBeNull();
});
