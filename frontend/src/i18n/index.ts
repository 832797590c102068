/**
 * Words of the product in four languages, one JSON file per room: `src/i18n/<language>/<room>.json`.
 * The key of `title` in `rules.json` is `rules.title`. English is in the first load and is the fallback, but for the
 * rooms that one page alone speaks of (`withWords`); the other languages are fetched when they are chosen.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['en', 'ko', 'zh', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words, for the language menu. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: 'English',
  ko: '한국어',
  zh: '中文',
  ru: 'Русский',
};

type Words = Record<string, unknown>;

const english = import.meta.glob<Words>(
  ['./en/*.json', '!./en/{audit,audited,connections,settings,smsProvider,webSystem}.json'],
  { eager: true, import: 'default' },
);
const late = import.meta.glob<Words>('./en/{audit,audited,connections,settings,smsProvider,webSystem}.json', {
  import: 'default',
});
const others = import.meta.glob<Words>('./{ko,zh,ru}/*.json', { import: 'default' });
const STORED = 'ruleyard.language';

function roomOf(path: string): string {
  return path.replace(/^.*\/([^/]+)\.json$/, '$1');
}

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** The first of the languages a person reads (`ko-KR`, `de`, … as the browser tells them) that we speak, else English. */
export function spokenOf(wanted: readonly string[]): Language {
  return wanted.map((one) => one.split('-')[0]?.toLowerCase()).find(isLanguage) ?? 'en';
}

/** The language to begin with: the one chosen before in this browser, else the browser's, in its order. */
export function firstLanguage(): Language {
  const stored = readStored();
  return isLanguage(stored) ? stored : spokenOf(navigator.languages);
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/** Loads a language's words if needed and shows the product in it. */
export async function showLanguage(language: Language): Promise<void> {
  if (language !== 'en') {
    const rooms = Object.entries(others).filter(([path]) => path.startsWith(`./${language}/`));
    const loaded = await Promise.all(
      rooms.map(async ([path, load]) => [roomOf(path), await load()] as const),
    );
    i18next.addResourceBundle(language, 'translation', Object.fromEntries(loaded), true, true);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Private windows may refuse storage: the choice then lasts until the window closes.
  }
}

type LateRoom = 'audit' | 'audited' | 'connections' | 'settings' | 'smsProvider' | 'webSystem';

/** A page together with the English words that no other page needs. */
export async function withWords<Page>(page: Promise<Page>, ...rooms: readonly LateRoom[]): Promise<Page> {
  const loaded = await Promise.all(rooms.map(async (room) => [room, await late[`./en/${room}.json`]?.()]));
  i18next.addResourceBundle('en', 'translation', Object.fromEntries(loaded), true, true);
  return page;
}

export async function startI18n(language: Language): Promise<void> {
  const words = Object.fromEntries(Object.entries(english).map(([path, room]) => [roomOf(path), room]));
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: words } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await showLanguage(language);
}

export { i18next };
