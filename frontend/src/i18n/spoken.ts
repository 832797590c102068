/** A language without a screen, for tests: its texts from the files, and the words of rules made of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance, type TFunction } from 'i18next';
import { makeWords, NO_TABLES, type Tables } from '../canvas/words';
import type { Words } from '../model/wording';

export const LANGUAGES = ['en', 'ko', 'zh', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

function read(language: string, room: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, language, `${room}.json`), 'utf8'));
}

/** The texts of some rooms in every language; a key that does not exist throws. */
export async function spoken(rooms: readonly string[]): Promise<(language: Language) => TFunction> {
  const i18n = createInstance();
  const texts = (language: string) => Object.fromEntries(rooms.map((room) => [room, read(language, room)]));
  await i18n.init({
    lng: 'en',
    resources: Object.fromEntries(LANGUAGES.map((language) => [language, { translation: texts(language) }])),
    interpolation: { escapeValue: false },
    saveMissing: true,
    missingKeyHandler: (languages, _room, key) => {
      throw new Error(`no words for ${key} in ${languages.join()}`);
    },
  });
  return (language) => i18n.getFixedT(language);
}

export function wordsOf(t: TFunction, language: Language, tables: Tables = NO_TABLES): Words {
  return makeWords((key, values) => String(t(`builder.${key}`, values ?? {})), language, tables);
}
