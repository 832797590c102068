import { describe, expect, test } from 'vitest';
import { pathsIn, toLogic } from './condition';
import type { JSONValue } from './json';
import { toTree } from './recognise';
import { isWorkdays, pathOf, TODAY_PARTS, todayOf, todayPath, variable, zoneIn } from './today';

const SEOUL = 'Asia/Seoul';
const now = { var: 'now' };
const part = (...args: JSONValue[]): JSONValue => ({ date_part: args });

describe('a field of today', () => {
  test.each(TODAY_PARTS)('%s is written as a part of now, and read back', (one) => {
    const path = todayPath({ part: one, zone: SEOUL });
    expect(todayOf(path)).toEqual({ part: one, zone: SEOUL });
    expect(variable(path)).toEqual(part(now, one, SEOUL));
    expect(pathOf(variable(path))).toBe(path);
    expect(pathsIn({ '===': [variable(path), 1] })).toEqual([path]);
  });

  test('other paths are none of it', () => {
    expect(['after.status', 'today:hour:UTC', 'today:date:', 'today', 'now'].map(todayOf)).toEqual(
      Array(5).fill(null),
    );
    expect(variable('after.status')).toEqual({ var: 'after.status' });
    expect(pathOf({ var: 'after.status' })).toBe('after.status');
  });

  test.each<[string, JSONValue | undefined]>([
    ['nothing', undefined],
    ['a value', 3],
    ['two keys', { var: 'a', b: 1 }],
    ['a path that is made up', { var: ['a', 1] }],
    ['no zone', part(now, 'date')],
    ['a zone that is made up', part(now, 'date', { var: 'after.zone' })],
    ['an empty zone', part(now, 'date', '')],
    ['a part that is not offered', part(now, 'hour', SEOUL)],
    ['another date', part({ var: 'after.at' }, 'date', SEOUL)],
    ['more than now', part({ var: 'now', x: 1 }, 'date', SEOUL)],
    ['a written date', part('2026-11-22', 'date', SEOUL)],
    ['no list', { date_part: 'now' }],
    ['nothing at all of three', { date_part: [null, null, null] }],
  ])('%s is no field of today', (_, logic) => expect(pathOf(logic)).toBeNull());
});

test('today stands on either side of a comparison, and reads back as it was written', () => {
  const due: JSONValue = { '===': [{ var: 'after.due_on' }, part(now, 'date', SEOUL)] };
  const work: JSONValue = { '<=': ['09:00:00', part(now, 'time', SEOUL), '18:00:00'] };
  const days: JSONValue = { in: [part(now, 'weekday', SEOUL), [1, 2]] };
  for (const logic of [due, work, days]) {
    const tree = toTree(logic);
    expect(tree.kind).toBe('comparison');
    expect(toLogic(tree)).toEqual(logic);
  }
});

test('the zone is the one that the rule speaks of first', () => {
  const weekday = part(now, 'weekday', SEOUL);
  expect(zoneIn({ nodes: [{ id: 'c', logic: { and: [true, { '===': [weekday, 1] }] } }] })).toBe(SEOUL);
  expect(zoneIn({ nodes: [{ schedule: { zone: 'Europe/Moscow' } }, weekday] })).toBe('Europe/Moscow');
  expect(zoneIn({ zone: '', nodes: [{ id: 'c', zone: 7 }] })).toBeNull();
});

test('Monday to Friday is known in any order, and only as days of the week', () => {
  const path = todayPath({ part: 'weekday', zone: SEOUL });
  expect(isWorkdays(path, [5, 4, 3, 2, 1])).toBe(true);
  const others: [string | null, JSONValue[]][] = [
    [path, [1, 2, 3, 4]],
    [path, [1, 2, 3, 4, 6]],
    [path, [1, 2, 3, 4, 7]],
    ['after.n', [1, 2, 3, 4, 5]],
    [null, [1, 2, 3, 4, 5]],
  ];
  for (const [of, days] of others) expect(isWorkdays(of, days)).toBe(false);
});
