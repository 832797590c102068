/** What a step of a trace did, as a sentence of the reader's language. Pure but for the words handed in. */
import { isList, isObject, type JSONObject, type JSONValue, objectAt, textAt, textsAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { fill, plain, type Words } from '../model/sentence';
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

function asValue(value: unknown): JSONValue {
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
  if (event.op === 'tick')
    return say(event.table.startsWith('@') ? 'runDetail.story.tick' : 'schedule.story');
  if (event.op === 'webhook') return say('hook.story');
  if (event.op === 'manual') return say('runDetail.story.manual');
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
      return inWords(say, 'texted', { to: shown(output['to'] ?? input['to']), text: textAt(input, 'text') });
    case 'http_request': {
      const url = textAt(input, 'url');
      const address = textAt(input, 'connection') || host(url);
      return inWords(say, 'asked', { address, status: shown(output['status']) });
    }
    case 'notify':
      return inWords(say, 'notified', { title: textAt(input, 'title') });
    case 'call_webhook':
      return inWords(say, 'called', { address: host(textAt(input, 'url')), status: shown(output['status']) });
    default:
      return inWords(say, 'did', { kind: textAt(node, 'do') });
  }
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
