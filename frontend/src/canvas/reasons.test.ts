// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { faultText } from '../i18n/faultText';
import { trace } from '../logic';
import { isObject, type JSONObject, type JSONValue } from '../model/json';
import { needsOf } from '../model/reason';
import { needText, type Reason, reasonText, told } from './reasons';
import { makeWords, NO_TABLES } from './words';

const SRC = join(import.meta.dirname, '..');
const EXPLAIN = join(SRC, '../../shared-schemas/vectors/explain');
const LANGUAGES = ['en', 'ko', 'zh', 'ru'];

function read(path: string): JSONObject {
  const parsed: JSONValue = JSON.parse(readFileSync(path, 'utf8'));
  if (!isObject(parsed)) throw new Error(`${path} is no object`);
  return parsed;
}

function cases(file: string): JSONObject[] {
  const list = read(join(EXPLAIN, file))['cases'];
  if (!Array.isArray(list)) throw new Error(`${file} has no cases`);
  return list.filter(isObject);
}

beforeAll(async () => {
  const resources = Object.fromEntries(
    LANGUAGES.map((language) => {
      const folder = join(SRC, 'i18n', language);
      const rooms = readdirSync(folder).map((name) => [
        name.replace('.json', ''),
        JSON.parse(readFileSync(join(folder, name), 'utf8')),
      ]);
      return [language, { translation: Object.fromEntries(rooms) }];
    }),
  );
  await i18next.init({ lng: 'en', resources, interpolation: { escapeValue: false } });
});

/** What a sentence never has: a place that nothing was put into, a key in place of words, an empty value. */
const LEFT = /\{|\}|undefined|\[object|why\.|data\.|builder\.|faults\.|“”|«»/;

function wordsIn(language: string) {
  const t = i18next.getFixedT(language);
  return { t, words: makeWords((key, values) => t(`builder.${key}`, values ?? {}), language, NO_TABLES) };
}

function texts(value: JSONValue | undefined, name: string): string {
  return isObject(value) && typeof value[name] === 'string' ? value[name] : '';
}

describe.each(LANGUAGES)('in %s', (language) => {
  test.each(cases('nearest.json').map((one) => [String(one['name']), one] as const))(
    'the nearest reason is whole: %s',
    (_, { logic, nearest }) => {
      const { t, words } = wordsIn(language);
      const flips = (Array.isArray(nearest) ? nearest : []).filter(isObject).map((flip) => ({
        node: 'c',
        path: texts(flip, 'path'),
        relation: texts(flip, 'relation'),
        seen: flip['seen'],
        kind: texts(flip, 'kind') || 'compare',
      }));
      const needs = needsOf(flips, () => logic, words).map((need) => needText(need, t));
      expect(needs.length).toBe(flips.length);
      for (const need of needs) expect(need).not.toMatch(LEFT);
    },
  );

  test.each(cases('reasons.json').map((one) => [String(one['name']), one] as const))(
    'the reason is whole: %s',
    (_, one) => {
      const { t, words } = wordsIn(language);
      const reason: Reason = { code: texts(one, 'code'), args: one['args'], message: 'in English' };
      const said = reasonText(reason, words, t, language);
      expect(said).not.toMatch(LEFT);
      expect(said).not.toBe('in English');
    },
  );
});

test.each(cases('nearest.json').map((one) => [String(one['name']), one] as const))(
  "the browser's trace saw what the reason says was seen: %s",
  (_, { logic = null, data = null, nearest }) => {
    const { seen } = trace(logic, data);
    for (const flip of (Array.isArray(nearest) ? nearest : []).filter(isObject)) {
      const at = seen.find((one) => one.path === flip['path']);
      expect(at).toBeDefined();
      if (at?.truth !== null) expect(at?.values).toContainEqual(flip['seen']);
    }
  },
);

test.each(['ko', 'zh', 'ru'])('a value that is not whole is told in the words of %s', (language) => {
  const { t, words } = wordsIn(language);
  const error = { code: 'value-cut', message: 'in English', args: { columns: 'story' } };
  const said = reasonText({ code: 'error', args: { node: 'c', error }, message: '' }, words, t, language);
  expect(said).toContain('story');
  expect(said).not.toContain('in English');
});

test('the English reason names what was needed and what was there', () => {
  const { t, words } = wordsIn('en');
  const logic = { and: [{ '!==': [{ var: 'after.x' }, null] }, { '>=': [{ var: 'after.x' }, 3] }] };
  const flip = { node: 'c', seen: null, values: [null, 3] };
  const both = [
    { ...flip, path: '/and/0', relation: '!==' },
    { ...flip, path: '/and/1', relation: '>=' },
  ];
  expect(needsOf(both, () => logic, words).map((need) => needText(need, t))).toEqual([
    'Needed: X is at least 3. It was: nothing.',
  ]);
});

test('the whole answer: what was so, then the comparisons, then what its version says', () => {
  const { t, words } = wordsIn('en');
  const found = {
    fired: false,
    reason: '',
    reason_code: 'rule-never-on',
    reasons: [
      { code: 'rule-never-on', args: {}, message: '' },
      { code: 'condition-false', args: { branch: 'no' }, message: '' },
    ],
    nearest: [
      { node: 't', path: '', relation: 'was on', seen: false, kind: 'off' },
      { node: 'c', path: '', relation: '>=', seen: 2 },
    ],
  };
  const logic = { '>=': [{ var: 'after.attempts' }, 3] };
  expect(told(found, (node) => (node === 'c' ? logic : undefined), words, t, 'en')).toEqual({
    sentences: ['The rule has never been on.'],
    needs: ['Needed: Attempts is at least 3. It was: 2.'],
  });
});

test.each(['en', 'ko', 'zh', 'ru'])('a rule that ran says so in the words of %s', (language) => {
  const { t, words } = wordsIn(language);
  const found = {
    fired: true,
    run_id: 7,
    reason: 'Every condition on the way holds. It comes to send_email.',
    reason_code: 'fired',
    reasons: [{ code: 'fired', args: { node: 'm' }, message: '' }],
    nearest: [],
  };
  expect(told(found, () => undefined, words, t, language)).toEqual({
    sentences: [t('why.reason.ran')],
    needs: [],
  });
});

test('an error that an earlier release wrote down without its args keeps its words', () => {
  const t = i18next.getFixedT('ko');
  expect(faultText({ code: 'no-table', message: 'There is no table x.' }, t)).toBe('There is no table x.');
  expect(faultText({ code: 'no-table', message: '', args: { table: 'x' } }, t)).toContain('x');
  expect(faultText({ code: 'of-tomorrow', message: 'Words of tomorrow.' }, t)).toBe('Words of tomorrow.');
});

test.each(LANGUAGES)('what was done once already names the run where it is known, in %s', (language) => {
  const { t, words } = wordsIn(language);
  const say = (code: string, args: JSONObject) =>
    reasonText({ code, args, message: 'in English' }, words, t, language);
  for (const code of ['once-done', 'once-today']) {
    expect(say(code, { run: 41 })).toContain('41');
    expect(say(code, {})).not.toBe(say(code, { run: 41 }));
    for (const text of [say(code, {}), say(code, { run: 41 })]) {
      expect(text).not.toMatch(LEFT);
      expect(text).not.toBe('in English');
    }
  }
});

test.each(LANGUAGES)('a run that was skipped says so, with or without the earlier run, in %s', (language) => {
  const { t } = wordsIn(language);
  const say = (code: string, args?: JSONObject) => faultText({ code, message: 'in English', args }, t);
  for (const code of ['once-done', 'once-today']) {
    expect(say(code, { run: 41 })).toContain('41');
    for (const text of [say(code), say(code, { run: null }), say(code, { run: 41 })]) {
      expect(text).not.toMatch(LEFT);
      expect(text).not.toBe('in English');
    }
  }
  expect(say('overlap-busy', { run: 41 })).toContain('41');
});
