import { expect, test } from 'vitest';
import { sampleFields, shortened } from './samples';

test('every plain value and every list is a field, by its path', () => {
  const sample = {
    id: 7,
    name: 'Lee',
    vip: true,
    note: null,
    address: { city: 'Seoul', 'a.b': 1, '': 2 },
    orders: [{ sku: 'x' }, { sku: 'y' }],
    tags: ['a'],
    none: [],
  };
  expect(sampleFields(sample).map(({ path, type }) => `${path} ${type}`)).toEqual([
    'id number',
    'name text',
    'vip boolean',
    'note other',
    'address.city text',
    'orders list',
    'orders.0.sku text',
    'tags list',
    'tags.0 text',
    'none list',
  ]);
});

test('a plain answer has no fields; a deep and a wide one have a bound', () => {
  expect(sampleFields('hello')).toEqual([]);
  const wide = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, at]));
  expect(sampleFields(wide)).toHaveLength(60);
  expect(sampleFields({ a: { b: { c: { d: { e: { f: 1 } } } } } })).toEqual([
    { path: 'a.b.c.d.e', type: 'object' },
  ]);
});

test('what is kept has the same shape and fewer words', () => {
  expect(shortened({ a: 'x'.repeat(200), b: [1, 2, 3], c: { d: null } })).toEqual({
    a: 'x'.repeat(80),
    b: [1, 2],
    c: { d: null },
  });
});
