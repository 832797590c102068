import { expect, test } from 'vitest';
import { type Language, spoken, wordsOf } from '../i18n/spoken';
import { actionStory, broughtStory, eventStory } from './story';

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

const TEXT = { id: 's', kind: 'action', do: 'send_sms' } as const;

test.each<[Language, string, string]>([
  [
    'en',
    'Text message sent to +821012345678: “Hi”',
    'Not sent to +821012345678: the number is on the do-not-call list',
  ],
  [
    'ko',
    '+821012345678에게 문자 발송: “Hi”',
    '+821012345678에 보내지 않음: 전화 거부 목록에 있는 번호입니다',
  ],
  ['zh', '已向 +821012345678 发送短信：“Hi”', '未发送给 +821012345678：该号码在拒接名单中'],
  [
    'ru',
    'СМС на +821012345678: «Hi»',
    'Не отправлено на +821012345678: номер есть в списке «Кому не звонить»',
  ],
])(
  'a text message that did not go, for its number is listed, is told so in %s',
  async (language, went, not) => {
    const t = (await spoken(['builder', 'runDetail']))(language);
    const say = (key: string, values?: Record<string, unknown>) => String(t(key, values ?? {}));
    const told = (output: Record<string, unknown>) =>
      actionStory(TEXT, { state: 'succeeded', input: { text: 'Hi' }, output }, wordsOf(t, language), say);
    const to = '+821012345678';
    expect(told({ to })).toBe(went);
    expect(told({ to, sent: true })).toBe(went);
    expect(told({ to, sent: false, reason: 'do-not-call' })).toBe(not);
  },
);
