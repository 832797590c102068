import { describe, expect, test } from 'vitest';
import { isJSON, listAt, objectAt, same, textAt, textsAt, without } from './json';
import { humanise, leadName, tableName } from './names';

test('what an object holds under a key, or the nothing of that kind', () => {
  const object = { text: 'a', list: ['a', 1], object: { a: 1 } };
  expect([textAt(object, 'text'), textAt(object, 'list'), textAt(undefined, 'x')]).toEqual(['a', '', '']);
  expect([listAt(object, 'list'), listAt(object, 'text')]).toEqual([['a', 1], []]);
  expect(textsAt(object, 'list')).toEqual(['a']);
  expect([objectAt(object, 'object'), objectAt(object, 'list')]).toEqual([{ a: 1 }, {}]);
  expect(without(object, 'list')).toEqual({ text: 'a', object: { a: 1 } });
});

test('JSON is told from what is none', () => {
  expect([null, 1, 'a', true, [1, { a: [] }]].every(isJSON)).toBe(true);
  expect([undefined, () => 1, [undefined], { a: 1n }].some(isJSON)).toBe(false);
});

describe('same', () => {
  const table: [string, unknown, unknown, boolean][] = [
    ['keys in another order', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ['another value', { a: 1 }, { a: 2 }, false],
    ['another key', { a: 1 }, { b: 1 }, false],
    ['one key more', { a: 1 }, { a: 1, b: 2 }, false],
    ['a number and a text', 1, '1', false],
    ['lists', [1, [2]], [1, [2]], true],
    ['lists of other lengths', [1], [1, 2], false],
    ['a list and an object', [], {}, false],
    ['an object and a text', {}, '', false],
  ];
  test.each(table)('%s', (_name, a, b, expected) => {
    expect(isJSON(a) && isJSON(b) && same(a, b)).toBe(expected);
  });
});

test('names of a database as people read them', () => {
  expect([humanise('first_name'), humanise('__'), humanise('имя-клиента')]).toEqual([
    'First name',
    '__',
    'Имя клиента',
  ]);
  expect([leadName('owner_id'), leadName('_id'), leadName('ownerId')]).toEqual(['Owner', 'Id', 'Owner']);
  expect([tableName('public.open_tasks'), tableName('leads')]).toEqual(['Open tasks', 'Leads']);
});
