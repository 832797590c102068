import { expect, test } from 'vitest';
import { type Language, spoken, wordsOf } from '../i18n/spoken';
import { broughtStory, eventStory } from './story';

const EVENT = { op: 'insert', table: 'public.leads', before: null, after: { id: 1 } } as const;

test.each<[Language, string]>([
  ['en', 'A lead was created'],
  ['ru', 'Создано: запись «Leads»'],
])('a story in %s begins as sentences begin', async (language, story) => {
  const t = (await spoken(['builder', 'runDetail']))(language);
  expect(
    eventStory(EVENT, undefined, wordsOf(t, language), (key, values) => String(t(key, values ?? {}))),
  ).toBe(story);
});

test('a record whose date has come is told with its date', async () => {
  const t = (await spoken(['builder', 'runDetail']))('en');
  const trigger = { id: 't', kind: 'trigger', on: 'date', table: 'public.tasks', column: 'due_on' } as const;
  const event = { op: 'tick', table: 'public.tasks', after: { due_on: '2026-11-25' } };
  expect(eventStory(event, trigger, wordsOf(t, 'en'), (key, values) => String(t(key, values ?? {})))).toBe(
    'The moment of this record came: Due on is 2026-11-25',
  );
});

test('what came with a request is told as far as it fits, what is in a record is not', async () => {
  const t = (await spoken(['builder', 'runDetail', 'look']))('en');
  const say = (key: string, values?: Record<string, unknown>) => String(t(key, values ?? {}));
  const told = (event: Parameters<typeof broughtStory>[0], trigger?: Parameters<typeof broughtStory>[1]) =>
    broughtStory(event, trigger, wordsOf(t, 'en'), say);
  const many = Object.fromEntries([...'abcdefghij'].map((name) => [name, 1]));
  expect(told({ op: 'webhook', table: '@webhook', after: { topic: 'order', lines: [1, 2] } })).toBe(
    'Topic: order · Lines: [1,2]',
  );
  expect(told({ op: 'webhook', table: '@webhook', after: { ...many, a: 'x'.repeat(200) } })).toMatch(
    /^A: x{120}… · .* · H: 1 · …$/,
  );
  expect(told({ op: 'manual', table: '@manual', after: {} })).toBe('');
  expect(told(EVENT)).toBe('');
  const onLeads = { id: 't', kind: 'trigger', on: 'manual', table: 'public.leads' } as const;
  const fired = { op: 'manual', table: '@manual', after: { id: 1 } } as const;
  expect(told(fired)).toBe('Id: 1');
  expect(told(fired, onLeads)).toBe('');
});
