/**
 * A rule as one sentence, in pieces: plain words, and one coloured phrase per step. All words come from whole-phrase
 * templates of the language at hand (`{slot}` marks where a piece goes), so word order is the language's own.
 */
import { type Comparison, type Condition, leaves, ORDERING, type Term } from './condition';
import { isList, isObject, type JSONObject, type JSONValue, listAt, objectAt, textAt, textsAt } from './json';
import { toTree } from './recognise';
import { countSteps, type Rule, type RuleNode, type SplitStep, type Step } from './rule';
import { dropStartChange, startChange } from './start';
import { inEffect } from './switched';
import { pieces, toTemplate } from './template';
import { isWorkdays, pathOf, type TodayPart, todayOf } from './today';
import { DONE, FAILED, waysIn } from './ways';

export type Tone = 'when' | 'if' | 'tell' | 'data' | 'connect' | 'wait';
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'phrase'; readonly step: string; readonly tone: Tone; readonly text: string };

/** The language at hand. */
export type Words = {
  /** A template by key, e.g. `sentence.if` → "if {condition}, {yes}; otherwise {no}". */
  readonly phrase: (key: string) => string;
  /** A field path in words: `after.status` → "Status". Of `table`, where it is not the rule's own. */
  readonly field: (path: string, table?: string) => string;
  /** A value as the field shows it: number separators, choices, dates, yes/no. */
  readonly value: (value: JSONValue, path: string | null, table?: string) => string;
  /** One record of the table, in words: "a lead". */
  readonly record: (table: string) => string;
  readonly table: (table: string) => string;
  readonly duration: (amount: number, unit: string) => string;
  readonly list: (items: readonly string[], join: 'and' | 'or') => string;
  readonly schedule: (schedule: JSONObject) => string;
};

const LONG = 25;

export function toneOf(node: RuleNode): Tone {
  if (node.kind === 'trigger') return 'when';
  if (node.kind === 'condition' || node.kind === 'choose') return 'if';
  if (node.kind === 'action') {
    const kind = textAt(node, 'do');
    if (kind === 'send_email' || kind === 'send_sms' || kind === 'notify') return 'tell';
    return kind === 'update_record' || kind === 'create_record' ? 'data' : 'connect';
  }
  return 'wait';
}

type Slots = Readonly<Record<string, string | readonly Part[]>>;

/** A template with its slots filled. */
export function fill(template: string, slots: Slots): Part[] {
  const parts: Part[] = [];
  const say = (text: string): void => {
    const last = parts.at(-1);
    if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + text };
    else if (text !== '') parts.push({ kind: 'text', text });
  };
  for (const piece of template.split(/(\{\w+\})/)) {
    const slot = /^\{(\w+)\}$/.exec(piece)?.[1];
    const value = slot === undefined ? piece : slots[slot];
    if (typeof value === 'string') say(value);
    else for (const part of value ?? []) part.kind === 'text' ? say(part.text) : parts.push(part);
  }
  return parts;
}

export function plain(parts: readonly Part[]): string {
  return parts.map((part) => part.text).join('');
}

function inWords(words: Words, key: string, slots: Readonly<Record<string, string>>): string {
  return plain(fill(words.phrase(key), slots));
}

function termWords(term: Term | undefined, path: string | null, words: Words): string {
  if (!term) return '…';
  switch (term.kind) {
    case 'value':
      if (isList(term.value) && isWorkdays(path, term.value)) return words.phrase('today.workday');
      return isList(term.value)
        ? words.list(
            term.value.map((item) => words.value(item, path)),
            'or',
          )
        : words.value(term.value, path);
    case 'field':
      return words.field(term.path);
    case 'moment':
      return inWords(words, term.amount < 0 ? 'condition.ago' : 'condition.ahead', {
        duration: words.duration(Math.abs(term.amount), term.unit),
      });
  }
}

const CLOCKED: readonly TodayPart[] = ['date', 'time'];

/** Does the path stand for a day or a time? Then the other side is before or after it, not less or more. */
function timely(path: string): boolean {
  const today = todayOf(path);
  return today !== null && CLOCKED.includes(today.part);
}

function phraseKey({ field, op, args }: Comparison): string {
  const path = field ?? '';
  // Days are said as they are: "is not Saturday or Sunday".
  if (op === 'notOneOf' && todayOf(path)) return 'condition.isNot';
  const dated =
    timely(path) ||
    args.some((term) => term.kind === 'moment' || (term.kind === 'field' && timely(term.path)));
  return dated && ORDERING.includes(op) && op !== 'between' ? `condition.date_${op}` : `condition.${op}`;
}

export function comparisonWords(comparison: Comparison, words: Words): string {
  const { field, args } = comparison;
  return inWords(words, phraseKey(comparison), {
    field: field === null ? '…' : words.field(field),
    value: termWords(args[0], field, words),
    other: termWords(args[1], field, words),
  });
}

/** A condition in words; groups inside groups stand in brackets. */
export function conditionWords(condition: Condition, words: Words, inner = false): string {
  switch (condition.kind) {
    case 'advanced':
      return words.phrase('condition.advanced');
    case 'comparison':
      return comparisonWords(condition, words);
    case 'group': {
      const items = condition.items.map((item) => conditionWords(item, words, true));
      const join = condition.mode === 'any' || condition.mode === 'none' ? 'or' : 'and';
      const list = words.list(items, join);
      const said =
        condition.mode === 'none' || condition.mode === 'notall'
          ? inWords(words, 'condition.not', { list })
          : list;
      return inner && items.length > 1 ? inWords(words, 'condition.brackets', { list: said }) : said;
    }
  }
}

/** Text with fields, as people read it: `Hello {first name}`. */
export function templateWords(logic: JSONValue | undefined, words: Words): string {
  const template = toTemplate(logic);
  if (template === null) {
    if (isList(logic))
      return words.list(
        logic.map((item) => templateWords(item, words)),
        'and',
      );
    return isObject(logic) ? '…' : String(logic);
  }
  return pieces(template)
    .map((piece) => (piece.kind === 'text' ? piece.text : `{${words.field(piece.path)}}`))
    .join('');
}

/** A value to be written or sent: as its field shows it, or a text with fields in braces. */
function valueWords(value: JSONValue, path: string | null, words: Words, table = ''): string {
  const own = pathOf(value);
  if (own !== null && todayOf(own)) return words.field(own);
  return isObject(value) ? templateWords(value, words) : words.value(value, path, table);
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
      return inWords(words, 'do.send_sms.sentence', { to: who, text: text('text') });
    }
    case 'notify':
      return inWords(words, 'do.notify.sentence', {
        to: whoWords(fields['to'], words),
        title: text('title'),
      });
    case 'call_webhook':
      return inWords(words, 'do.call_webhook.sentence', { address: addressWords(fields['url'], words) });
    case 'http_request':
      return inWords(words, 'do.http_request.sentence', { address: askedWords(fields, words) });
    default:
      return inWords(words, 'do.other', { kind });
  }
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

function addressWords(url: JSONValue | undefined, words: Words): string {
  if (typeof url !== 'string' || url === '')
    return url === undefined || url === '' ? '…' : valueWords(url, null, words);
  return /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? url;
}

/** Whom a request asks: the connection and the path below it, or the host of a whole address. */
function askedWords(fields: JSONObject, words: Words): string {
  const connection = textAt(fields, 'connection');
  if (connection === '') return addressWords(fields['url'], words);
  const path = templateWords(fields['url'], words).replace(/^\/+/, '');
  return path === '' ? connection : `${connection}/${path}`;
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
    case 'wait': {
      const amount = node['amount'];
      const duration = typeof amount === 'number' ? words.duration(amount, textAt(node, 'unit')) : '…';
      return inWords(words, 'do.wait.sentence', { duration });
    }
    default:
      return words.phrase('do.end');
  }
}

export function conditionCount(node: RuleNode): number {
  return leaves(toTree(node['logic'] ?? null)).length;
}

function phrase(node: RuleNode, words: Words): Part[] {
  return [{ kind: 'phrase', step: node.id, tone: toneOf(node), text: stepWords(node, words) }];
}

function stepParts(step: Step, words: Words): Part[] {
  if (step.kind === 'split')
    return step.node.kind === 'choose' ? chooseParts(step, words) : failedParts(step, words);
  const own = phrase(step.node, words);
  if (step.kind === 'plain') return own;
  const yes = sequenceParts(step.yes, words);
  const no = sequenceParts(step.no, words);
  const key =
    step.yes.length > 0 ? (step.no.length > 0 ? 'if' : 'ifYes') : step.no.length > 0 ? 'ifNo' : 'ifNothing';
  return fill(words.phrase(`sentence.${key}`), { condition: own, yes, no });
}

/** "if …, …; if not but …, …; otherwise …": each way in turn. */
function chooseParts({ node, ways }: SplitStep, words: Words): Part[] {
  const asked = new Map(waysIn(node).map((way) => [way.key, way.logic]));
  const [left = [], ...told] = ways.toReversed().map(({ branch, steps }): readonly Part[] => {
    const inside = sequenceParts(steps, words);
    const logic = asked.get(branch);
    if (logic === undefined)
      return inside.length === 0 ? [] : fill(words.phrase('sentence.otherwise'), { steps: inside });
    const text = conditionWords(toTree(logic), words);
    const condition: Part[] = [{ kind: 'phrase', step: node.id, tone: 'if', text }];
    const key = inside.length === 0 ? 'sentence.wayNothing' : 'sentence.way';
    return fill(words.phrase(key), { condition, steps: inside });
  });
  // What is left stands last: "…; otherwise …".
  return told.reduce<Part[]>(
    (rest, first, index) => {
      if (rest.length === 0) return [...first];
      return fill(words.phrase(index === 0 ? 'sentence.waysOtherwise' : 'sentence.ways'), { first, rest });
    },
    [...left],
  );
}

/** An action with what is done when it fails, and what when it worked. */
function failedParts({ node, ways }: SplitStep, words: Words): Part[] {
  const own = phrase(node, words);
  const side = (branch: string) =>
    sequenceParts(ways.find((way) => way.branch === branch)?.steps ?? [], words);
  const [failed, done] = [side(FAILED), side(DONE)];
  const first = failed.length === 0 ? own : fill(words.phrase('sentence.failed'), { step: own, failed });
  return done.length === 0 ? first : fill(words.phrase('sentence.then'), { first, rest: done });
}

function sequenceParts(steps: readonly Step[], words: Words): Part[] {
  const [first, ...rest] = steps;
  if (!first) return [];
  const said = stepParts(first, words);
  if (rest.length === 0) return said;
  const key = toneOf(first.node) === 'if' ? 'sentence.thenAfterIf' : 'sentence.then';
  return fill(words.phrase(key), { first: said, rest: sequenceParts(rest, words) });
}

/** "… changes from … to …": said in the start, so that the If in front that holds it is not said again. */
function toldStart(rule: Rule, words: Words): { text: string; steps: readonly Step[] } | null {
  const change = startChange(rule);
  if (!change || (!change.from && !change.to)) return null;
  const path = `after.${change.column}`;
  const key =
    change.from && change.to ? 'start.fieldFromTo' : change.to ? 'start.fieldTo' : 'start.fieldFrom';
  const text = inWords(words, key, {
    record: words.record(textAt(rule.trigger, 'table')),
    field: words.field(path),
    from: termWords(change.from ?? undefined, path, words),
    to: termWords(change.to ?? undefined, path, words),
  });
  return { text, steps: dropStartChange(rule).steps };
}

/** The rule as it acts, with its start in words: what the start tells is no step any more. */
export function effective(whole: Rule, words: Words): { start: string; rule: Rule } {
  const rule = inEffect(whole);
  const told = toldStart(rule, words);
  return told
    ? { start: told.text, rule: { ...rule, steps: told.steps } }
    : { start: stepWords(rule.trigger, words), rule };
}

/** What ends in "…" has no full stop after it. */
export function stopped(text: string): string {
  return text.replace(/…[.。]$/, '…');
}

function ended(parts: readonly Part[]): Part[] {
  const last = parts.at(-1);
  const open = parts.at(-2)?.text.endsWith('…') === true;
  return open && last?.kind === 'text' && /^[.。]$/.test(last.text) ? parts.slice(0, -1) : [...parts];
}

/** The whole rule as it acts. A long one says its start and how many steps follow. */
export function sentence(whole: Rule, words: Words): Part[] {
  const { start: text, rule } = effective(whole, words);
  const start: Part[] = [{ kind: 'phrase', step: rule.trigger.id, tone: 'when', text }];
  const count = countSteps(rule.steps);
  if (count === 0) return fill(words.phrase('sentence.nothing'), { start });
  if (count > LONG) return fill(words.phrase('sentence.long'), { start, count: String(count) });
  return ended(fill(words.phrase('sentence.whole'), { start, steps: sequenceParts(rule.steps, words) }));
}
