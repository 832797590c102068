// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const HERE = import.meta.dirname;
const SOURCE = join(HERE, '..');
const LANGUAGES = ['en', 'ko', 'zh', 'ru'];
const PLURAL = /_(zero|one|two|few|many|other)$/;

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function leaves(value: unknown, prefix = ''): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}

function roomsOf(language: string): string[] {
  return readdirSync(join(HERE, language)).filter((name) => name.endsWith('.json'));
}

/** Rooms that are translated; one that is in no other language yet is shown in English as a whole. */
const TRANSLATED = new Set(LANGUAGES.slice(1).flatMap(roomsOf));

function words(language: string, rooms = roomsOf(language)): Map<string, string> {
  const folder = join(HERE, language);
  return new Map(rooms.flatMap((room) => leaves(read(join(folder, room)), room.replace('.json', ''))));
}

/** A noun made of a table's name ("this lead") fits only into English phrases. */
const ENGLISH_NOUN = '{{record';

function names(text: string): string[] {
  const found = new Set(text.match(/\{\{\s*\w+/g) ?? []);
  found.delete(ENGLISH_NOUN);
  return [...found].sort();
}

const english = words('en');
const englishStems = stems(english);

function stems(found: Map<string, string>): Set<string> {
  return new Set([...found.keys()].map((key) => key.replace(PLURAL, '')));
}

describe.each(LANGUAGES)('the words in %s', (language) => {
  const own = words(language);

  test('have the keys of English and no others', () => {
    expect(stems(words(language, [...TRANSLATED]))).toEqual(stems(words('en', [...TRANSLATED])));
  });

  test('are never empty', () => {
    expect([...own].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('have every plural form that the language has', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const missing = [...own.keys()]
      .filter((key) => key.endsWith('_other'))
      .map((key) => key.replace(PLURAL, ''))
      .flatMap((stem) => forms.map((form) => `${stem}_${form}`).filter((key) => !own.has(key)));
    expect(missing).toEqual([]);
  });

  test('take the same values as in English', () => {
    const wrong = [...own].filter(([key, text]) => {
      if (key.endsWith('_zero') || key.endsWith('_one')) return false;
      const twin = english.get(key) ?? english.get(key.replace(PLURAL, '_other')) ?? '';
      return names(text).join() !== names(twin).join();
    });
    expect(wrong).toEqual([]);
  });
});

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.') ? [path] : [];
  });
}

// Text between tags, and attributes that people see or hear. Names of the product and of units are not words.
const BETWEEN_TAGS = /(?<!=)>\s*([A-Za-z][A-Za-z ,.'!?]{2,})\s*</g;
const SEEN_ATTRIBUTE = /\b(?:aria-label|title|label|placeholder|description|alt)="([^"]*[A-Za-z]{2}[^"]*)"/g;
const NOT_WORDS = new Set(['Ruleyard', 'https://']);

test('no visible text is written in the components', () => {
  const components = files(SOURCE).filter((path) => path.endsWith('.tsx'));
  const found = components.flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return [...text.matchAll(BETWEEN_TAGS), ...text.matchAll(SEEN_ATTRIBUTE)]
      .map((match) => (match[1] ?? '').trim())
      .filter((word) => !NOT_WORDS.has(word))
      .map((word) => `${path.slice(SOURCE.length + 1)}: ${word}`);
  });
  expect(found).toEqual([]);
});

test('every key that the code names exists', () => {
  const missing = files(SOURCE).flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return [...text.matchAll(/\bt\(\s*'([\w-]+\.[\w.-]+)'/g)]
      .map((match) => match[1] ?? '')
      .filter((key) => !englishStems.has(key))
      .map((key) => `${path.slice(SOURCE.length + 1)}: ${key}`);
  });
  expect(missing).toEqual([]);
});

test('what a run did is told in Korean with the verb last, and without particles that depend on a name', () => {
  const told = [...words('ko', ['runDetail.json'])].filter(([key]) => key.startsWith('runDetail.story.'));
  expect(told.length).toBeGreaterThan(20);
  for (const [key, text] of told) {
    expect(text, key).not.toMatch(/이\(가\)|은\(는\)|을\(를\)/);
    expect(text, key).not.toMatch(/^(설정함|만듦|보냄)/);
  }
});
