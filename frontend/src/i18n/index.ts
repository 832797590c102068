/**
 * Words of the product in four languages, one JSON file per room: `src/i18n/<language>/<room>.json`.
 * The key of `title` in `rules.json` is `rules.title`. English is the fallback: what every page speaks with is in the first
 * load, other rooms come with the pages that speak of them (`withWords`). Other languages are fetched when they are chosen.
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
  [
    './en/*.json',
    '!./en/{approval,asking,audit,audited,backtest,builder,calendars,calls,connections,desk,finding,hook,hours,importing,items,jsonEditor,lamps,mailing,problems,reports,runDetail,schedule,settings,smsProvider,starting,steps,timing,versions,waits,ways,webSystem,why}.json',
  ],
  { eager: true, import: 'default' },
);
const late = import.meta.glob<Words>(
  './en/{approval,asking,audit,audited,backtest,builder,calendars,calls,connections,desk,finding,hook,hours,importing,items,jsonEditor,lamps,mailing,problems,reports,runDetail,schedule,settings,smsProvider,starting,steps,timing,versions,waits,ways,webSystem,why}.json',
  {
    import: 'default',
  },
);
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

export type LateRoom =
  | 'approval'
  | 'asking'
  | 'audit'
  | 'audited'
  | 'backtest'
  | 'builder'
  | 'calendars'
  | 'calls'
  | 'connections'
  | 'desk'
  | 'finding'
  | 'hook'
  | 'hours'
  | 'importing'
  | 'items'
  | 'jsonEditor'
  | 'lamps'
  | 'mailing'
  | 'problems'
  | 'reports'
  | 'runDetail'
  | 'schedule'
  | 'settings'
  | 'smsProvider'
  | 'starting'
  | 'steps'
  | 'timing'
  | 'versions'
  | 'waits'
  | 'ways'
  | 'webSystem'
  | 'why';

/** A page together with the English words of these rooms. */
export async function withWords<Page>(page: Promise<Page>, ...rooms: readonly LateRoom[]): Promise<Page> {
  await Promise.all(rooms.map(fetchWords));
  return page;
}

const coming = new Map<string, Promise<void>>();

/** The English words of a room, fetched once. Nothing for a room that is there, or that there is none of. */
function fetchWords(room: string): Promise<void> {
  const known = coming.get(room);
  if (known !== undefined) return known;
  const load = late[`./en/${room}.json`];
  const fetched = load === undefined ? Promise.resolve() : load().then((words) => keep(room, words));
  coming.set(room, fetched);
  fetched.catch(() => coming.delete(room));
  return fetched;
}

function keep(room: string, words: Words): void {
  i18next.addResourceBundle('en', 'translation', { [room]: words }, true, true);
}

export async function startI18n(language: Language): Promise<void> {
  const words = Object.fromEntries(Object.entries(english).map(([path, room]) => [roomOf(path), room]));
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: words } },
    interpolation: { escapeValue: false },
    returnNull: false,
    // Where a page speaks of a room that it was not loaded with, its words come a moment later.
    saveMissing: true,
    missingKeyHandler: (_languages, _namespace, key) =>
      void fetchWords(key.split('.')[0] ?? '').catch(() => {}),
    react: { bindI18nStore: 'added' },
  });
  await showLanguage(language);
}

export { i18next };
