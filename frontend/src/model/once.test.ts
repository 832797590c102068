import { expect, test } from 'vitest';
import type { JSONObject } from './json';
import { onceOf, startsForRecords, withStart, zoneOfDay } from './once';
import type { Rule, RuleNode } from './rule';

const start = (fields: JSONObject): RuleNode => ({ id: 't', kind: 'trigger', ...fields });
const CHANGE = start({ on: 'change', table: 'public.leads' });
const rule = (head: JSONObject): Rule => ({ kind: 'rule', head, trigger: CHANGE, steps: [] });

test('a word that is not known runs every time', () => {
  expect([{}, { once: 'week' }, { once: 'record' }, { once: 'day' }].map(onceOf)).toEqual([
    null,
    null,
    'record',
    'day',
  ]);
});

test.each<[string, JSONObject, boolean]>([
  ['a change', { on: 'change' }, true],
  ['a schedule that visits records', { on: 'schedule', table: '' }, true],
  ['a plain schedule', { on: 'schedule' }, false],
  ['a date', { on: 'date', table: 'public.leads' }, true],
  ['a webhook', { on: 'webhook' }, false],
  ['a person, for a record', { on: 'manual', table: 'public.leads' }, false],
])('does %s start for records that come again?', (_name, fields, expected) => {
  expect(startsForRecords(start(fields))).toBe(expected);
});

test('another start keeps it where it has records, and loses it where it has none; nothing else changes', () => {
  const daily = rule({ name: 'R', policy: { once: 'day', limit: 5 } });
  const visits = start({ on: 'schedule', table: 'public.leads' });
  expect(withStart(daily, visits)).toEqual({ ...daily, trigger: visits });
  const hook = start({ on: 'webhook' });
  expect(withStart(daily, hook)).toEqual({ ...rule({ name: 'R', policy: { limit: 5 } }), trigger: hook });
  expect(withStart(rule({ name: 'R' }), hook).head).toEqual({ name: 'R' });
});

test('the day is of the hours of the rule, else of the calendar of the workspace, else UTC', () => {
  const seoul = { name: 'Office', zone: 'Asia/Seoul', default: false };
  const moscow = { name: 'Usual', zone: 'Europe/Moscow', default: true };
  const own = { kind: 'own', zone: 'Asia/Tokyo', days: [], between: null, outside: 'wait' } as const;
  const office = { kind: 'calendar', calendar: 'Office', outside: 'run' } as const;
  expect(zoneOfDay(own, [seoul, moscow])).toBe('Asia/Tokyo');
  expect(zoneOfDay(office, [seoul, moscow])).toBe('Asia/Seoul');
  expect(zoneOfDay(office, [moscow])).toBe('Europe/Moscow');
  expect(zoneOfDay({ kind: 'any' }, [seoul, moscow])).toBe('Europe/Moscow');
  expect(zoneOfDay({ kind: 'any' }, [seoul])).toBe('UTC');
});
