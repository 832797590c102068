/** What the shared vectors do not reach: the ends of ranges, wrong kinds of values, long and deep ones. */
import { describe, expect, test } from 'vitest';
import { compiled, evaluate, type JSONValue } from './index';
import { compareText, shown } from './values';

const v = (path: JSONValue): JSONValue => ({ var: path });
const is = (value: JSONValue) => ({ ok: true, value });
const fails = (reason: string) => expect.objectContaining({ ok: false, reason });

const long = 'x'.repeat(200);
const deep = (levels: number): JSONValue => (levels === 0 ? 1 : { inner: deep(levels - 1) });

describe('values', () => {
  const data: JSONValue = {
    long,
    other: `${long}y`,
    list: [1, 2],
    object: { a: 1, b: [2] },
    twin: { b: [2], a: 1 },
    fewer: { a: 1 },
    renamed: { a: 1, c: [2] },
    nothing: null,
    inner: { nothing: null },
    many: Array.from({ length: 10_001 }, () => 1),
    huge: ['x'.repeat(1_000_001)],
    face: '😀'.repeat(50),
  };
  const table: [string, JSONValue, ReturnType<typeof is>][] = [
    ['long texts are compared', { '===': [v('long'), v('other')] }, is(false)],
    ['a long text is compared with a literal', { '===': [v('long'), long] }, is(true)],
    ['a list is compared with a literal list', { '===': [v('list'), [1, 2]] }, is(true)],
    ['three are compared in a row', { '===': [1, 1, 2] }, is(false)],
    ['objects are the same by content', { '===': [v('object'), v('twin')] }, is(true)],
    ['objects with more keys differ', { '===': [v('object'), v('fewer')] }, is(false)],
    ['objects with other keys differ', { '===': [v('object'), v('renamed')] }, is(false)],
    ['an object is no list', { '===': [v('object'), v('list')] }, is(false)],
    ['a list is no object', { '===': [v('list'), v('object')] }, is(false)],
    ['loosely, objects are the same by content', { '==': [v('object'), v('twin')] }, is(true)],
    ['loosely different', { '!=': ['1', 1] }, is(false)],
    ['texts in order, descending', { '>': ['b', 'a'] }, is(true)],
    ['texts in order, or the same', { '>=': ['a', 'a'] }, is(true)],
    ['a list that holds no list of what is sought', { in: [v('list'), [[1, 2], 3]] }, is(true)],
    ['nothing is found at a path that is made up', { var: { cat: ['no', 'where'] } }, is(null)],
    ['what is missing of a list', { missing: ['long', 'gone'] }, is(['gone'])],
    ['too few of several', { missing_some: [2, ['long', 'gone', 'away']] }, is(['gone', 'away'])],
    ['nothing is stored there', v('inner.nothing'), is(null)],
    ['what is missing of several in a list', { missing: [['long', 'gone']] }, is(['gone'])],
    ['none of several', { none: [v('list'), { '===': [v(''), 3] }] }, is(true)],
    ['not none of several', { none: [v('list'), { '===': [v(''), 2] }] }, is(false)],
    ['one of several texts', { in: [v('long'), ['a', long]] }, is(true)],
    ['none of nothing', { none: [v('nothing'), true] }, is(true)],
    ['reducing what is no list', { reduce: [v('nothing'), v('accumulator'), 7] }, is(7)],
    ['a long list as text', { cat: [v('many')] }, fails('too-big')],
    ['a result of one long text in a list', v('huge'), fails('too-big')],
    ['a text of faces as a number', { '+': [v('face'), 1] }, fails('not-a-number')],
  ];
  test.each(table)('%s', (_name, logic, outcome) => expect(evaluate(logic, data)).toEqual(outcome));

  test('values that are nested too deep are not compared', () => {
    expect(evaluate({ '===': [v('a'), v('b')] }, { a: deep(40), b: deep(40) })).toEqual(fails('too-deep'));
  });
});

describe('dates', () => {
  const table: [string, JSONValue, ReturnType<typeof is>][] = [
    ['a leap century', { date_add: ['2000-02-28', 1, 'days'] }, is('2000-02-29')],
    ['no leap century', { date_add: ['1900-02-28', 1, 'days'] }, is('1900-03-01')],
    ['before the first year', { date_part: ['0001-01-01T00:00:00+05:00', 'year'] }, fails('bad-date')],
    ['no date', { date_part: [null, 'year'] }, is(null)],
    ['year', { date_part: ['2026-11-23T10:20:30Z', 'year'] }, is(2026)],
    ['day', { date_part: ['2026-11-23T10:20:30Z', 'day'] }, is(23)],
    ['minute', { date_part: ['2026-11-23T10:20:30Z', 'minute'] }, is(20)],
    ['no part', { date_part: ['2026-11-23', null] }, fails('bad-arguments')],
  ];
  test.each(table)('%s', (_name, logic, outcome) => expect(evaluate(logic, {})).toEqual(outcome));
});

test('texts are in the order of their characters, not of their halves', () => {
  expect(compareText('😀', '\uffff')).toBeGreaterThan(0);
  expect(compareText('\uffff', '😀')).toBeLessThan(0);
  expect(compareText('😀', '😁')).toBeLessThan(0);
});

test('values are shown shortened, and by their kind', () => {
  const told = [null, [1], { a: 1 }, 3, 'a', '😀'.repeat(50)].map(shown);
  expect(told).toEqual(['Empty', 'A list', 'An object', '3', '"a"', `"${'😀'.repeat(40)}…"`]);
});

test('a mistake that is not the rule’s is not taken for one', () => {
  const broken = {
    get a(): JSONValue {
      throw new RangeError('the data are broken');
    },
  };
  expect(() => compiled(v('a'))(broken)).toThrow(RangeError);
});
