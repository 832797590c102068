import { expect, test } from 'vitest';
import { type Language, spoken, wordsOf } from '../i18n/spoken';
import { eventStory } from './story';

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
