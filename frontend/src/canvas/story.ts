/** What a step of a trace did, as a sentence of the reader's language. Pure but for the words handed in. */

import { conditionWords } from '../model/conditionWords';
import { soughtWords } from '../model/finding';
import {
  isList,
  isObject,
  type JSONObject,
  type JSONValue,
  listAt,
  objectAt,
  textAt,
  textsAt,
} from '../model/json';
import { toTree } from '../model/recognise';
import type { RuleNode } from '../model/rule';
import { fill, plain, type Words } from '../model/wording';
import { shown } from './words';

export type Say = (key: string, values?: Record<string, unknown>) => string;

export type EventLike = {
  readonly op: string;
  readonly table: string;
  readonly changed?: readonly string[] | undefined;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly actor?: string | null | undefined;
  readonly cause?: string | null | undefined;
  readonly cut_columns?: readonly string[] | undefined;
};

export type StoryStep = {
  readonly state: 'running' | 'waiting' | 'succeeded' | 'failed' | 'skipped';
  readonly branch?: string | null | undefined;
  readonly input?: unknown;
  readonly output?: unknown;
};

function asObject(value: unknown): JSONObject {
  return isObject(value) ? value : {};
}

/** What the server recorded, as a value of JSON. */
export function asValue(value: unknown): JSONValue {
  return value === undefined || typeof value === 'function' ? null : JSON.parse(JSON.stringify(value));
}

function inWords(say: Say, key: string, slots: Record<string, string>): string {
  return plain(fill(say(`runDetail.story.${key}`), slots));
}

/** A sentence that begins with a record's own words: `A lead was created`. */
function begun(sentence: string): string {
  return sentence.replace(/^\p{Ll}/u, (letter) => letter.toLocaleUpperCase());
}

/** What happened to the record: which field changed from what to what, or that it was created or deleted. */
export function eventStory(event: EventLike, trigger: RuleNode | undefined, words: Words, say: Say): string {
  if (event.op === 'tick') {
    const path = `after.${textAt(trigger, 'column')}`;
    if (textAt(trigger, 'on') === 'date') {
      const value = words.value(asObject(event.after)[textAt(trigger, 'column')] ?? null, path);
      return inWords(say, 'due', { field: words.field(path), value });
    }
    return say(event.table.startsWith('@') ? 'runDetail.story.tick' : 'schedule.story');
  }
  const setOff = event.cause?.startsWith('run:') === true;
  if (event.op === 'webhook') return say(setOff ? 'runDetail.story.toldByRule' : 'hook.story');
  if (event.op === 'manual') return say(setOff ? 'runDetail.story.startedByRule' : 'runDetail.story.manual');
  if (event.cause?.startsWith('already:')) return say('review.catchUp.story');
  const record = words.record(event.table);
  if (event.op !== 'update') return begun(inWords(say, event.op, { record }));
  const watched = textsAt(trigger, 'columns');
  const changed = (event.changed ?? []).filter((column) => watched.length === 0 || watched.includes(column));
  const told = (changed.length > 0 ? changed : (event.changed ?? [])).slice(0, 3);
  const value = (row: unknown, column: string): string =>
    words.value(asObject(row)[column] ?? null, `after.${column}`);
  if (told.length === 0) return begun(inWords(say, 'update', { record }));
  return told
    .map((column) =>
      inWords(say, 'changed', {
        field: words.field(`after.${column}`),
        from: value(event.before, column),
        to: value(event.after, column),
      }),
    )
    .join(' · ');
}

const TOLD = 8;
const TOLD_CHARS = 120;

/** What a request, an event or somebody brought along, as a line; '' for a record of a table, which the rule names. */
export function broughtStory(
  event: EventLike,
  trigger: RuleNode | undefined,
  words: Words,
  say: Say,
): string {
  if (!event.table.startsWith('@') || textAt(trigger, 'table') !== '') return '';
  if (event.op !== 'webhook' && event.op !== 'manual') return '';
  const brought = Object.entries(asObject(event.after));
  const told = brought.slice(0, TOLD).map(([name, value]) => {
    const text = shown(value);
    const cut = text.length > TOLD_CHARS ? `${text.slice(0, TOLD_CHARS)}…` : text;
    return `${words.field(`after.${name}`)}${say('look.colon')}${cut}`;
  });
  return [...told, ...(brought.length > TOLD ? ['…'] : [])].join(' · ');
}

function setText(set: JSONObject, words: Words, say: Say): string {
  return words.list(
    Object.entries(set).map(([column, value]) =>
      inWords(say, 'setTo', {
        field: words.field(`after.${column}`),
        value: words.value(value, `after.${column}`),
      }),
    ),
    'and',
  );
}

function people(value: JSONValue | undefined): string {
  return isList(value) ? value.map(shown).join(', ') : shown(value);
}

/** What became of a question for approval: who answered, or that somebody is still to. */
export function approvalStory(
  step: StoryStep,
): { key: 'waiting' | 'approved' | 'refused' | 'late'; question: string; who: string } | null {
  const question = textAt(asObject(step.input), 'question');
  const who = textAt(asObject(step.output), 'by');
  if (step.state === 'waiting') return { key: 'waiting', question, who };
  if (step.state !== 'succeeded') return null;
  if (step.branch === 'late') return { key: 'late', question, who };
  return { key: step.branch === 'refused' ? 'refused' : 'approved', question, who };
}

/** What somebody wrote beside an answer. */
export function commentOf(step: StoryStep): string {
  return textAt(asObject(step.output), 'comment');
}

/** The headline of an action that went well. */
export function actionStory(node: RuleNode, step: StoryStep, words: Words, say: Say): string {
  const input = asObject(step.input);
  const output = asObject(step.output);
  switch (textAt(node, 'do')) {
    case 'update_record':
      return inWords(say, 'updated', { changes: setText(objectAt(input, 'set'), words, say) });
    case 'create_record': {
      const key = Object.values(objectAt(output, 'key')).map(shown).join('/');
      return inWords(say, 'created', { record: words.record(textAt(input, 'table')), key });
    }
    case 'send_email':
      return inWords(say, 'mailed', { to: people(input['to']), subject: textAt(input, 'subject') });
    case 'send_sms':
      return inWords(say, output['sent'] === false ? 'notTexted' : 'texted', {
        to: shown(output['to'] ?? input['to']),
        text: textAt(input, 'text'),
      });
    case 'assign':
      return inWords(say, output['kept'] === true ? 'keptBy' : 'given', { person: shown(output['person']) });
    case 'queue_call':
      return inWords(say, output['merged'] === true ? 'queuedAlready' : 'queued', {
        phone: shown(output['phone']),
        list: shown(output['list']),
        place: shown(output['position']),
      });
    case 'http_request': {
      const url = textAt(input, 'url');
      const address = textAt(input, 'connection') || host(url);
      return inWords(say, 'asked', { address, status: shown(output['status']) });
    }
    case 'emit_event': {
      const rules = textsAt(output, 'rules');
      const type = textAt(input, 'type');
      if (rules.length === 0) return inWords(say, 'emittedNone', { type });
      return inWords(say, 'emitted', { type, rules: words.list(rules, 'and') });
    }
    case 'run_rule':
      return inWords(say, 'ranRule', {
        rule: textAt(output, 'rule') || textAt(objectAt(input, 'rule'), 'name'),
      });
    case 'find_record':
    case 'find_records':
      return foundStory(input, output, words, say);
    case 'make_report':
      return inWords(say, 'reported', {
        file: shown(output['file'] ?? ''),
        rows: words.value(output['rows'] ?? null, null),
      });
    case 'notify':
      return inWords(say, 'notified', { title: textAt(input, 'title') });
    case 'call_webhook':
      return inWords(say, 'called', { address: host(textAt(input, 'url')), status: shown(output['status']) });
    default:
      return inWords(say, 'did', { kind: textAt(node, 'do') });
  }
}

/** Whether a search found something, or how much. */
function foundStory(input: JSONObject, output: JSONObject, words: Words, say: Say): string {
  const name = textAt(input, 'table');
  const table = name === '' ? words.phrase('record.several') : words.table(name);
  if (typeof output['found'] === 'boolean')
    return inWords(say, output['found'] ? 'foundOne' : 'foundNone', { record: words.record(name), table });
  const kept = String(listAt(output, 'records').length);
  const count = words.value(output['count'] ?? null, null);
  return inWords(say, output['more'] === true ? 'foundKept' : 'foundMany', { table, count, kept });
}

/** What a search asked, with the values that the run had. */
export function askedStory(input: unknown, words: Words, say: Say): string {
  const asked = asObject(input);
  const where = asked['where'] ?? null;
  if (where === true) return say('runDetail.story.lookedAll');
  const condition = conditionWords(toTree(where), soughtWords(words, textAt(asked, 'table')));
  return inWords(say, 'lookedWhere', { condition });
}

function host(url: string): string {
  return /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? url;
}

/** What a record held before an update, as far as the step kept it. */
export function beforeStory(step: StoryStep, words: Words, say: Say): string {
  const before = Object.entries(objectAt(asObject(step.output), 'before'));
  if (before.length === 0) return '';
  const list = words.list(
    before.map(([column, value]) => words.value(asValue(value), `after.${column}`)),
    'and',
  );
  return inWords(say, 'before', { value: list });
}
