// @vitest-environment node
/** The vectors of the comparison: the browser's evaluator confirms every verdict, and every change has words. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance } from 'i18next';
import { describe, expect, it, test } from 'vitest';
import { makeWords, NO_TABLES } from '../canvas/words';
import { compiled } from '../logic';
import { truthy } from '../logic/values';
import { type Change, changesByStep, type StepChange } from '../model/changes';
import { open } from '../model/graph';
import { isList, isObject, type JSONObject, type JSONValue, textAt } from '../model/json';
import { defaultPair, olderThan } from './pair';

const root = join(import.meta.dirname, '../..');

function read(path: string): JSONValue {
  const parsed: JSONValue = JSON.parse(readFileSync(path, 'utf8'));
  return parsed;
}

function casesOf(file: string): JSONObject[] {
  const found = read(join(root, '../shared-schemas/vectors/diff', file));
  const cases = isObject(found) ? found['cases'] : undefined;
  return isList(cases) ? cases.filter(isObject) : [];
}

/** What the browser's evaluator says of each record: true, false, or why it cannot. */
function decider(logic: JSONValue | undefined): (data: JSONValue) => boolean | string {
  const decide = compiled(logic ?? null);
  return (data) => {
    const outcome = decide(data);
    return outcome.ok ? truthy(outcome.value) : outcome.reason;
  };
}

const STATUSES = ['won', 'lost', 'a', 'b', 'Won', '', null];
const NUMBERS = [null, 0, 1, 2, 3, 4, 5, -1];

function* records(): Generator<JSONValue> {
  for (const status of STATUSES)
    for (const attempts of NUMBERS)
      for (const before of STATUSES)
        for (const amount of [null, 1, 3.5])
          yield { before: { status: before, attempts: 3 }, after: { status, attempts, amount } };
}

describe('vectors/diff/conditions.json', () => {
  for (const { name, old, new: now, outcome, after = null } of casesOf('conditions.json')) {
    it(String(name), () => {
      const [was, is] = [decider(old), decider(now)];
      if (outcome === 'equivalent') {
        const apart = [...records()].filter((data) => is(data) !== was(data));
        expect(apart).toEqual([]);
      } else if (after !== null) {
        const data = { before: {}, after };
        expect(was(data)).not.toBe(is(data));
      }
    });
  }
});

const LANGUAGES = ['en', 'ko', 'zh', 'ru'];
const i18n = createInstance();
await i18n.init({
  lng: 'en',
  resources: Object.fromEntries(
    LANGUAGES.map((language) => [
      language,
      {
        translation: {
          versions: read(join(root, `src/i18n/${language}/versions.json`)),
          builder: read(join(root, `src/i18n/${language}/builder.json`)),
        },
      },
    ]),
  ),
  interpolation: { escapeValue: false },
});

function told(language: string, { old, new: now, changes }: JSONObject): StepChange[] {
  const t = i18n.getFixedT(language);
  const sides = { old: open(isObject(old) ? old : {}), now: open(isObject(now) ? now : {}) };
  return changesByStep(isList(changes) ? changes.map((one) => changeOf(one, old, now)) : [], sides, {
    words: makeWords((key, values) => t(`builder.${key}`, values ?? {}), language, NO_TABLES),
    say: (key, values) => {
      expect(i18n.exists(`versions.${key}`, { lng: language })).toBe(true);
      return t(`versions.${key}`, values ?? {});
    },
    title: (node) => node.id,
  });
}

/** The vectors name kind, node and field; the values are in the documents. */
function changeOf(listed: JSONValue, old: JSONValue | undefined, now: JSONValue | undefined): Change {
  const [kind, node, field] = isList(listed) ? listed : [];
  const value = (document: JSONValue | undefined): JSONValue => {
    if (!isObject(document)) return null;
    const nodes = isList(document['nodes']) ? document['nodes'].filter(isObject) : [];
    const edges = isList(document['edges']) ? document['edges'].filter(isList) : [];
    const path = String(field);
    if (path.startsWith('edge.')) {
      const branch = path === 'edge.next' ? undefined : path.slice('edge.'.length);
      return edges.find((edge) => edge[0] === node && edge[2] === branch)?.[1] ?? null;
    }
    const start = node === '' ? document : (nodes.find((one) => one['id'] === node) ?? {});
    const found = path
      .split('.')
      .reduce<JSONValue | undefined>((at, part) => (isObject(at) ? at[part] : at), start);
    return (
      found ??
      (path === 'policy.overlap'
        ? 'queue'
        : path === 'policy.on_error'
          ? 'retry'
          : path === 'policy.unknown'
            ? 'ask'
            : path === 'policy.limit'
              ? 'auto'
              : path === 'description'
                ? ''
                : null)
    );
  };
  return {
    kind: kind === 'added' || kind === 'removed' ? kind : 'changed',
    node: String(node),
    field: String(field),
    old: value(old),
    new: value(now),
  };
}

describe('vectors/diff/graphs.json', () => {
  for (const one of casesOf('graphs.json')) {
    it.each(LANGUAGES)(`${textAt(one, 'name')} has its words in %s`, (language) => {
      const said = told(language, one);
      expect(said.length > 0).toBe(isList(one['changes']) && one['changes'].length > 0);
      for (const { lines } of said) {
        expect(lines.length).toBeGreaterThan(0);
        for (const { label, was, now, same } of lines) {
          for (const text of [label, was, now, same]) expect(text).not.toBe('');
          expect(label ?? was ?? now ?? same).toBeDefined();
        }
      }
    });
  }
});

function english(name: string): StepChange[] {
  const found = casesOf('graphs.json').find((one) => one['name'] === name);
  if (!found) throw new Error(`There is no case ${name}`);
  return told('en', found);
}

test('old and new words stand beside each other', () => {
  expect(english('a threshold on integers')).toEqual([
    {
      step: 'c',
      mark: 'changed',
      lines: [
        { was: 'Attempts is at least 3', depth: 0 },
        { now: 'Attempts is more than 2', depth: 0 },
      ],
    },
  ]);
  expect(english('other words in a message')).toEqual([
    { step: 'e', mark: 'changed', lines: [{ label: 'Title', was: 'Won', now: 'A lead was won' }] },
  ]);
  expect(english('a column more and one less')[0]?.lines).toEqual([
    { label: 'Status', was: 'callback', now: 'new' },
    { label: 'Attempts', was: '3' },
    { label: 'Amount', now: '1' },
  ]);
  expect(english('a wait that is longer')[0]?.lines).toEqual([{ was: 'wait 2 hours', now: 'wait 3 hours' }]);
  expect(english('the start listens to more')[0]?.lines).toEqual([
    { was: 'a lead is updated', now: 'a lead is created or updated' },
  ]);
  expect(english('policy')[0]).toEqual({
    step: '',
    mark: 'changed',
    lines: [
      {
        label: 'When it already runs for the same record',
        was: 'wait for the earlier run',
        now: 'run beside it',
      },
      { label: 'When a step fails', was: 'try again', now: 'end the run' },
      {
        label: 'When it runs far more often than usual',
        was: 'hold further runs and ask',
        now: 'hold after 200 runs an hour',
      },
    ],
  });
});

test('a step that came says where; its neighbours are not said to have changed', () => {
  expect(english('a step more')).toEqual([
    {
      step: 'w',
      mark: 'new',
      lines: [{ now: 'wait 2 hours' }, { label: 'On the Yes side of “c”' }],
    },
  ]);
  expect(english('a step less')).toEqual([{ step: 'w', mark: 'removed', lines: [{ was: 'wait 2 hours' }] }]);
});

test('steps that changed places are told by where they were', () => {
  expect(english('yes and no changed places')).toEqual([
    {
      step: 'c',
      mark: 'moved',
      lines: [
        { label: 'On the Yes side comes', was: 'e', now: 'f' },
        { label: 'On the No side comes', was: 'f', now: 'e' },
      ],
    },
  ]);
});

test('what is compared where the address does not say', () => {
  const rule = { live_version: 3, has_draft: true, versions_count: 4 };
  expect(defaultPair(rule)).toEqual([3, 'draft']);
  expect(defaultPair({ ...rule, has_draft: false })).toEqual([3, 4]);
  expect(defaultPair(rule, 1)).toEqual([1, 'draft']);
  expect(defaultPair(rule, undefined, 2)).toEqual([1, 2]);
  expect(defaultPair({ live_version: null, has_draft: true, versions_count: 0 })).toEqual([null, 'draft']);
  expect(olderThan(rule, 1)).toBeNull();
});
