import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { makeWords } from '../canvas/words';
import { startI18n, withWords } from '../i18n';
import { deskWords } from './deskWords';

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'desk', 'builder');
});

function said(kind: string, fields: Readonly<Record<string, unknown>>, name: string): string | null {
  const { t } = i18next;
  const words = makeWords((key, values) => String(t(`builder.${key}`, values ?? {})), 'en', {
    column: () => undefined,
    columnsOf: () => [],
    tableLabel: (table) => (table === 'public.tasks' ? 'Tasks' : undefined),
    stepTitle: () => undefined,
  });
  return deskWords(kind, name, fields, words, t, 'en');
}

test.each([
  ['by', 'least_busy', 'To who has the least to do'],
  ['taken', 'keep', 'Leave it with whoever has it already'],
  ['taken', 'replace', ''],
  ['people', [1, { person: 'Ann', weight: 2 }], '1 and Ann × 2'],
  ['people', 'Ann, Bo', null],
  ['away', ['Ann'], 'Ann'],
  ['column', 'owner_id', 'Owner id'],
  ['count_column', 'owner_id', 'Owner id'],
  ['count_table', 'public.tasks', 'Tasks'],
  ['count_where', { status: ['new', 'open'], done: false }, 'Status: new or open · Done: no'],
  ['rotation', 'Callbacks', null],
])('of giving to somebody, %s is said in words', (name, value, words) => {
  expect(said('assign', { [name]: value }, name)).toBe(words);
});

test.each([
  ['priority', 7, 'Later'],
  ['priority', 4, '4'],
  ['again', 'keep', 'Keep the one that waits as it is'],
  ['country', '82', '+82'],
  ['country', '+82', '+82'],
  ['due', '2027-01-01', 'Jan 1, 2027'],
  ['until', 'some day', 'some day'],
  ['list', 'Callbacks', null],
])('of a call list, %s is said in words', (name, value, words) => {
  expect(said('queue_call', { [name]: value }, name)).toBe(words);
});

test('other actions say their fields themselves', () => {
  expect(said('notify', { title: 'keep' }, 'title')).toBe(null);
});
