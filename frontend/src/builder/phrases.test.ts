// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const I18N = join(import.meta.dirname, '../i18n');

function leaves(value: unknown, prefix = ''): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${prefix}.${key}`));
}

function phrases(language: string, room: string): Map<string, string> {
  return new Map(leaves(JSON.parse(readFileSync(join(I18N, language, `${room}.json`), 'utf8'))));
}

/** `{slot}` of the sentences; `{{value}}` belongs to i18next and is compared elsewhere. */
const slots = (text: string): string =>
  [...text.matchAll(/(?<!\{)\{(\w+)\}(?!\})/g)]
    .map((match) => match[1])
    .sort()
    .join();

test.each(['ko', 'zh', 'ru'])('the phrases in %s have the slots of the English ones', (language) => {
  for (const room of ['builder', 'runDetail']) {
    const english = phrases('en', room);
    const wrong = [...phrases(language, room)].filter(
      ([key, text]) => english.has(key) && slots(text) !== slots(english.get(key) ?? ''),
    );
    expect(wrong).toEqual([]);
  }
});
