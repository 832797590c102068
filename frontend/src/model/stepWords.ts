/** One step in words: the text of its card and of its phrase in the sentence. */
import { leaves } from './condition';
import { conditionWords, templateWords, valueWords } from './conditionWords';
import { soughtWords } from './finding';
import { isList, type JSONObject, type JSONValue, listAt, objectAt, textAt, textsAt } from './json';
import { namedPeople } from './people';
import { toTree } from './recognise';
import type { RuleNode } from './rule';
import { pathOf } from './today';
import { atMostOf, waitKind } from './waits';
import { waysIn } from './ways';
import { inWords, type Tone, type Words } from './wording';

const TELLING = ['send_email', 'send_sms', 'notify', 'ask_approval', 'queue_call'];
const WRITING = ['update_record', 'create_record', 'make_report', 'assign', 'find_record', 'find_records'];
/** So many people of a list are named; then it goes on with “…”. */
const NAMED = 5;

export function toneOf(node: RuleNode): Tone {
  if (node.kind === 'trigger') return 'when';
  if (node.kind === 'condition' || node.kind === 'choose') return 'if';
  if (node.kind === 'action') {
    const kind = textAt(node, 'do');
    if (TELLING.includes(kind)) return 'tell';
    return WRITING.includes(kind) ? 'data' : 'connect';
  }
  return 'wait';
}

function dateWords(node: RuleNode, words: Words): string {
  const amount = node['amount'];
  const count = typeof amount === 'number' ? amount : 0;
  const side = textAt(node, 'side') === 'after' ? 'After' : 'Before';
  const column = textAt(node, 'column');
  const when = inWords(words, count === 0 ? 'start.dateOn' : `start.date${side}`, {
    amount: words.duration(count, textAt(node, 'unit') === 'working_days' ? 'workingDays' : 'days'),
    record: words.record(textAt(node, 'table')),
    field: column === '' ? '…' : words.field(`after.${column}`),
    at: textAt(node, 'at') || '09:00',
    zone: textAt(node, 'zone') || 'UTC',
  });
  return node['yearly'] === true ? inWords(words, 'start.yearly', { when }) : when;
}

function startWords(node: RuleNode, words: Words): string {
  const on = textAt(node, 'on');
  const table = textAt(node, 'table');
  if (on === 'schedule') {
    const when = words.schedule(objectAt(node, 'schedule'));
    return table === '' ? when : inWords(words, 'start.visit', { when, table: words.table(table) });
  }
  if (on === 'date') return dateWords(node, words);
  if (on === 'webhook') {
    const event = textAt(node, 'event');
    return event === '' ? words.phrase('start.webhook') : inWords(words, 'start.webhookEvent', { event });
  }
  if (on === 'manual')
    return inWords(words, table === '' ? 'start.manual' : 'start.manualOn', { record: words.record(table) });
  if (on !== 'change') return words.phrase('start.other');
  if (table === '') return words.phrase('start.unknown');
  const columns = textsAt(node, 'columns');
  const events = ['insert', 'update', 'delete'].filter((event) => listAt(node, 'events').includes(event));
  const record = words.record(table);
  if (events.includes('update') && columns.length > 0) {
    const field = words.list(
      columns.map((column) => words.field(`after.${column}`)),
      'or',
    );
    return inWords(words, events.includes('insert') ? 'start.fieldOrNew' : 'start.field', { record, field });
  }
  return inWords(words, `start.${events.join('_') || 'unknown'}`, { record });
}

function actionWords(node: RuleNode, words: Words): string {
  const kind = textAt(node, 'do');
  const fields = objectAt(node, 'fields');
  const text = (field: string): string => templateWords(fields[field], words) || '…';
  switch (kind) {
    case 'update_record':
    case 'create_record': {
      const set = Object.entries(objectAt(fields, 'set'));
      const written = textAt(fields, 'table');
      const changes = set.map(([column, value]) =>
        inWords(words, `do.${kind}.change`, {
          field: words.field(`after.${column}`, written),
          value: valueWords(value, `after.${column}`, words, written),
        }),
      );
      const table = words.record(written);
      const key = changes.length === 0 ? `do.${kind}_empty` : `do.${kind}.sentence`;
      return inWords(words, key, { changes: words.list(changes, 'and'), record: table });
    }
    case 'send_email': {
      const to = fields['to'];
      const who = to === undefined || to === '' ? '…' : valueWords(to, null, words);
      return inWords(words, 'do.send_email.sentence', { to: who, subject: text('subject') });
    }
    case 'send_sms': {
      const to = fields['to'];
      const who = to === undefined || to === '' ? '…' : valueWords(to, null, words);
      const key = fields['unless_listed'] === true ? 'sentenceUnlessListed' : 'sentence';
      return inWords(words, `do.send_sms.${key}`, { to: who, text: text('text') });
    }
    case 'notify':
      return inWords(words, 'do.notify.sentence', {
        to: whoWords(fields['to'], words),
        title: text('title'),
      });
    case 'find_record':
    case 'find_records':
      return findWords(kind, fields, words);
    case 'make_report':
      return inWords(words, 'do.make_report.sentence', { title: text('title') });
    case 'ask_approval':
      return inWords(words, 'do.ask_approval.sentence', {
        to: askedWords(fields['to'], words),
        question: text('question'),
      });
    case 'assign':
      return inWords(words, textAt(fields, 'by') === 'least_busy' ? 'do.assign.busy' : 'do.assign.sentence', {
        people: peopleWords(fields['people'], words),
      });
    case 'queue_call':
      return inWords(words, 'do.queue_call.sentence', { phone: text('phone'), list: text('list') });
    case 'call_webhook':
      return inWords(words, 'do.call_webhook.sentence', { address: addressWords(fields['url'], words) });
    case 'http_request':
      return inWords(words, 'do.http_request.sentence', { address: requestWords(fields, words) });
    case 'emit_event':
      return inWords(words, 'do.emit_event.sentence', { type: textAt(fields, 'type') || '…' });
    case 'run_rule':
      return inWords(words, 'do.run_rule.sentence', {
        rule: textAt(objectAt(fields, 'rule'), 'name') || '…',
      });
    default:
      return inWords(words, 'do.other', { kind });
  }
}

/** Those of a list who take turns: the first few by name. */
function peopleWords(people: JSONValue | undefined, words: Words): string {
  const names = namedPeople(people).map((one) => valueWords(one, null, words));
  if (names.length === 0) return '…';
  const list = words.list(names.slice(0, NAMED), 'or');
  return names.length > NAMED ? `${list} …` : list;
}

function findWords(kind: string, fields: JSONObject, words: Words): string {
  const table = textAt(fields, 'table');
  const slots = {
    record: words.record(table),
    table: table === '' ? words.phrase('record.several') : words.table(table),
  };
  const where = fields['where'] ?? null;
  if (where === true) return inWords(words, `do.${kind}.all`, slots);
  const condition = conditionWords(toTree(where), soughtWords(words, table));
  return inWords(words, `do.${kind}.sentence`, { ...slots, condition });
}

const GROUPS = ['everyone', 'viewer', 'editor', 'publisher', 'admin'] as const;

/** Does `to` mean a group of the people here, not an address? Each has its name under `who`. */
export function isGroup(to: unknown): to is (typeof GROUPS)[number] {
  return GROUPS.some((group) => group === to);
}

function whoWords(to: JSONValue | undefined, words: Words): string {
  if (isGroup(to)) return words.phrase(`who.${to}`);
  return to === undefined || to === '' ? words.phrase('who.everyone') : valueWords(to, null, words);
}

/** Whom a question goes to: groups by name, people as they stand there. */
function askedWords(to: JSONValue | undefined, words: Words): string {
  if (to === undefined || to === '' || (isList(to) && to.length === 0)) return '…';
  if (!isList(to)) return whoWords(to, words);
  return words.list(
    to.map((one) => whoWords(one, words)),
    'or',
  );
}

function addressWords(url: JSONValue | undefined, words: Words): string {
  if (typeof url !== 'string' || url === '')
    return url === undefined || url === '' ? '…' : valueWords(url, null, words);
  return /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? url;
}

/** Whom a request asks: the connection and the path below it, or the host of a whole address. */
function requestWords(fields: JSONObject, words: Words): string {
  const connection = textAt(fields, 'connection');
  if (connection === '') return addressWords(fields['url'], words);
  const path = templateWords(fields['url'], words).replace(/^\/+/, '');
  return path === '' ? connection : `${connection}/${path}`;
}

/** A list as people call it. */
function listWords(over: JSONValue | undefined, words: Words): string {
  if (over === undefined || over === '') return '…';
  const path = pathOf(over);
  return path === null ? valueWords(over, null, words) : words.field(path);
}

function dateOf(until: JSONValue, words: Words): string {
  if (until === null) return '…';
  const path = pathOf(until);
  return path === null ? templateWords(until, words) : words.field(path);
}

function waitWords(node: RuleNode, words: Words): string {
  const amount = typeof node['amount'] === 'number' ? node['amount'] : null;
  const span = (count: number, unit: string): string => (count > 0 ? words.duration(count, unit) : '…');
  const { amount: most, unit } = atMostOf(node);
  switch (waitKind(node)) {
    case 'time': {
      const duration = amount === null ? '…' : words.duration(amount, textAt(node, 'unit'));
      return inWords(words, 'do.wait.sentence', { duration });
    }
    case 'date': {
      const date = dateOf(node['until'] ?? null, words);
      if (!amount) return inWords(words, 'do.wait.until', { date });
      const side = textAt(node, 'side') === 'after' ? 'after' : 'before';
      const duration = words.duration(amount, textAt(node, 'unit') || 'days');
      return inWords(words, `do.wait.${side}`, { date, duration });
    }
    case 'event':
      return inWords(words, 'do.wait.event', {
        event: textAt(node, 'event') || '…',
        duration: span(most, unit),
      });
    case 'record':
      return inWords(words, 'do.wait.record', {
        condition: conditionWords(toTree(node['logic'] ?? null), words),
        duration: span(most, unit),
      });
  }
}

/** One step in words: the text of its card and of its phrase. */
export function stepWords(node: RuleNode, words: Words): string {
  switch (node.kind) {
    case 'trigger':
      return startWords(node, words);
    case 'condition':
      return conditionWords(toTree(node['logic'] ?? null), words);
    case 'choose':
      return inWords(words, 'do.choose.sentence', {
        ways: words.list(
          waysIn(node).map(({ name, logic }) => name || conditionWords(toTree(logic), words)),
          'or',
        ),
      });
    case 'action':
      return actionWords(node, words);
    case 'for_each':
      return inWords(words, 'do.for_each.sentence', { list: listWords(node['over'], words) });
    case 'wait':
      return waitWords(node, words);
    case 'end':
      return words.phrase('do.end');
    default:
      return inWords(words, 'do.other', { kind: node.kind });
  }
}

export function conditionCount(node: RuleNode): number {
  return leaves(toTree(node['logic'] ?? null)).length;
}
