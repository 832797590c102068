// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { condition } from './arbitrary';
import { toLogic } from './condition';
import { valueAt } from './fix';
import { open } from './graph';
import type { JSONObject, JSONValue } from './json';
import { nearestPlace, partsOf, placesOf, sideOf } from './places';
import { checkable, foundOf, inReadingOrder, problemsByStep } from './problems';
import type { Rule } from './rule';

const v = (path: string): JSONObject => ({ var: path });
const status = { '===': [v('after.status'), 'won'] };

function ruleOf(logic: JSONValue): Rule {
  const opened = open({
    dialect: 1,
    nodes: [
      { id: 't', kind: 'trigger', on: 'change', connection: 'crm', table: 'leads', events: ['update'] },
      { id: 'c', kind: 'condition', logic },
      { id: 'n', kind: 'action', do: 'notify', fields: { title: 'x' } },
    ],
    edges: [
      ['t', 'c'],
      ['c', 'n', 'yes'],
    ],
  });
  if (opened.kind !== 'rule') throw new Error('no tree');
  return opened;
}

test('every part of any condition is written where its place says', () => {
  fc.assert(
    fc.property(condition, (tree) => {
      const logic = toLogic(tree);
      for (const { part, pointer } of partsOf(logic)) expect(valueAt(logic, pointer)).toEqual(toLogic(part));
    }),
  );
});

test('rows of groups in groups have their places; a single comparison is the whole logic', () => {
  const none = { '!': [{ or: [status, { and: [status, status] }] }] };
  expect([...placesOf(none)]).toEqual([
    ['', 'logic'],
    ['0', 'logic/!/0/or/0'],
    ['1', 'logic/!/0/or/1'],
    ['1.0', 'logic/!/0/or/1/and/0'],
    ['1.1', 'logic/!/0/or/1/and/1'],
  ]);
  expect([...placesOf(status)]).toEqual([['0', 'logic']]);
});

describe('the side of a row that a problem is about', () => {
  const logic = { and: [status, { '<': [v('after.budget'), 5] }] };
  test.each([
    ['logic/and/0/===/0', 'field'],
    ['logic/and/0/===/1', 'value'],
    ['logic/and/1', 'value'],
    ['logic', null],
    ['fields/where/and/0/===/1', 'value'],
    ['ways/2/logic/and/0/===/0', 'field'],
  ])('%s', (place, side) => {
    expect(sideOf(logic, place)).toBe(side);
  });
});

test('what a row still lacks is its value; a comparison that needs none has its field alone', () => {
  const unfinished = { '<': [v('after.budget')] };
  const logic = { and: [status, unfinished, { is_empty: [v('after.email')] }] };
  expect(sideOf(logic, 'logic/and/1')).toBe('value');
  expect(sideOf(logic, 'logic/and/2')).toBe('field');
});

test('a problem belongs to the nearest place that is drawn', () => {
  const drawn = ['logic/and/1', 'logic/and/10', 'logic'];
  expect(nearestPlace('logic/and/1/===/0', drawn)).toBe('logic/and/1');
  expect(nearestPlace('logic/and/2', drawn)).toBe('logic');
  expect(nearestPlace('fields/to', drawn)).toBeNull();
});

test('an unfinished row of a search takes nothing from the check of the others', () => {
  const row = { '===': [v('record.city'), 'Seoul'] };
  const opened = open({
    dialect: 1,
    nodes: [
      { id: 't', kind: 'trigger', on: 'manual' },
      {
        id: 'f',
        kind: 'action',
        do: 'find_record',
        fields: { table: 'leads', where: { and: [row, { '===': [] }] } },
      },
    ],
    edges: [['t', 'f']],
  });
  expect(valueAt(checkable(opened), '/nodes/1/fields/where')).toEqual({ and: [row, true] });
});

test('a comparison that is not filled in is checked as what changes nothing in its group', () => {
  const blank = { '===': [] };
  const half = { '===': [v('after.status')] };
  const at = (logic: JSONValue) => valueAt(checkable(ruleOf(logic)), '/nodes/1/logic');
  expect(at({ and: [status, blank] })).toEqual({ and: [status, true] });
  expect(at({ or: [status, half, status] })).toEqual({ or: [status, false, status] });
  expect(at({ '!': [{ or: [blank, status] }] })).toEqual({ '!': [{ or: [false, status] }] });
  expect(at(blank)).toBe(true);
  expect(at(status)).toEqual(status);
});

test('what is not filled in in one row does not hide what is wrong in another', () => {
  const rule = ruleOf({ and: [{ '===': [] }, { '===': [v('after.status'), 'wno'] }] });
  const fix = { label: 'Use "won"', path: '/nodes/1/logic/and/1/===/1', value: 'won' };
  const found = foundOf([
    { code: 'bad-arguments', path: '/nodes/1/logic/and/0/===', message: '', node: 'c' },
    { code: 'unknown-choice', path: fix.path, message: '', node: 'c', fix },
  ]);
  const problems = problemsByStep(rule, found, checkable(rule));
  expect(inReadingOrder(rule, problems).map(({ code, place, side }) => [code, place, side])).toEqual([
    ['choose-field', 'logic/and/0', 'field'],
    ['unknown-choice', 'logic/and/1/===/1', 'value'],
  ]);
  expect(problems.get('c')?.[1]?.fix).toEqual(fix);
});

test('a problem follows its step and is gone with it', () => {
  const rule = ruleOf(status);
  const found = foundOf([{ code: 'x', path: '/nodes/0/logic', message: '' }]);
  const checked = { nodes: [{ id: 'c', kind: 'condition' }] };
  expect(problemsByStep(rule, found, checked).get('c')?.[0]?.place).toBe('logic');
  expect(problemsByStep(rule, found, { nodes: [{ id: 'gone', kind: 'action' }] }).size).toBe(0);
});

test('a fix that says no value puts null', () => {
  const [one] = foundOf([{ code: 'x', path: '', message: '', fix: { label: '', path: '/a' } }]);
  expect(one?.fix?.value).toBeNull();
});

test('a graph that is no tree shows its problems, too', () => {
  const crossing = open({
    nodes: [
      { id: 't', kind: 'trigger', on: 'manual' },
      { id: 'a', kind: 'action', do: 'notify' },
    ],
    edges: [],
  });
  expect(crossing.kind).toBe('free');
  const found = foundOf([{ code: 'unreachable-node', path: '/nodes/1', message: '', node: 'a' }]);
  const problems = problemsByStep(crossing, found, checkable(crossing));
  expect(inReadingOrder(crossing, problems).map(({ step, code }) => [step, code])).toEqual([
    ['a', 'unreachable-node'],
    ['a', 'write-title'],
  ]);
});
