/**
 * What changed between two versions, for people: one entry per step, in the order of the drawing, its old and new
 * words beside each other. The server says which node and field changed; all words are made here. Pure.
 */
import { align } from './align';
import type { Condition } from './condition';
import { comparisonWords, conditionWords, templateWords } from './conditionWords';
import { edgesOf, nodesOf, type Opened } from './graph';
import { hoursOf } from './hours';
import { isList, isObject, type JSONValue, objectAt, textAt } from './json';
import { toTree } from './recognise';
import type { RuleNode } from './rule';
import { stepWords } from './stepWords';
import { timingOf } from './timing';
import { branchKey, EACH, FAILED, LATE, OTHERWISE, REFUSED, waysIn } from './ways';
import type { Words } from './wording';

export type Change = {
  readonly kind: 'added' | 'removed' | 'changed';
  /** '' for the rule as a whole. */
  readonly node: string;
  readonly field: string;
  readonly old: JSONValue;
  readonly new: JSONValue;
};

export type Mark = 'new' | 'changed' | 'removed' | 'moved';
/** One line of an entry: `was` went, `now` came, `same` stayed. */
export type ChangeLine = {
  readonly label?: string;
  readonly was?: string;
  readonly now?: string;
  readonly same?: string;
  readonly depth?: number;
};
export type StepChange = {
  /** '' for the rule as a whole. */
  readonly step: string;
  readonly mark: Mark;
  readonly lines: readonly ChangeLine[];
};

/** `say` takes keys of `versions.json`. */
type Say = (key: string, values?: Record<string, string>) => string;
type Sides = { readonly old: Opened; readonly now: Opened };

export type Told = {
  readonly words: Words;
  readonly say: Say;
  /** What a step is called: "Send email". */
  readonly title: (node: RuleNode) => string;
};

export function changesByStep(changes: readonly Change[], sides: Sides, told: Told): StepChange[] {
  const before = new Map(nodesOf(sides.old).map((node) => [node.id, node]));
  const after = new Map(nodesOf(sides.now).map((node) => [node.id, node]));
  const came = new Set(changes.filter((one) => one.kind === 'added').map((one) => one.node));
  const went = new Set(changes.filter((one) => one.kind === 'removed').map((one) => one.node));
  const name = (id: JSONValue): string => {
    const node = typeof id === 'string' ? (after.get(id) ?? before.get(id)) : undefined;
    return node ? told.title(node) : told.say('nothingMore');
  };
  const steps = new Map<string, { mark: Mark; lines: ChangeLine[] }>();
  const entry = (step: string, mark: Mark) => {
    const known = steps.get(step);
    if (!known) {
      const made = { mark, lines: [] };
      steps.set(step, made);
      return made;
    }
    if (known.mark === 'moved') known.mark = mark;
    return known;
  };
  for (const change of changes) {
    const { node: id, field } = change;
    const [was, now] = [before.get(id), after.get(id)];
    if (change.kind === 'added' && now) {
      entry(id, 'new').lines.push(
        { now: stepWords(now, told.words) },
        ...placeLines(id, sides, name, told.say),
      );
    } else if (change.kind === 'removed' && was) {
      entry(id, 'removed').lines.push({ was: stepWords(was, told.words) });
    } else if (field.startsWith('edge.')) {
      // A way that leads to a step that came, or led to one that went, is told by that step.
      if (isIn(came, change.new) || isIn(went, change.old)) continue;
      const branch = field.slice('edge.'.length);
      const label = branchText('order', branch, now, {}, told.say);
      entry(id, 'moved').lines.push({ label, was: name(change.old), now: name(change.new) });
    } else {
      const lines = id === '' ? headLines(change, told) : fieldLines(change, was, now, told);
      const { lines: known } = entry(id, 'changed');
      known.push(...lines.filter((line) => !known.some((one) => sameLine(one, line))));
    }
  }
  const order = [
    '',
    ...nodesOf(sides.now).map((node) => node.id),
    ...nodesOf(sides.old).map((node) => node.id),
  ];
  return [...new Set(order)].flatMap((step) => {
    const found = steps.get(step);
    return found ? [{ step, ...found }] : [];
  });
}

function isIn(steps: ReadonlySet<string>, id: JSONValue): boolean {
  return typeof id === 'string' && steps.has(id);
}

function sameLine(a: ChangeLine, b: ChangeLine): boolean {
  return a.was === b.was && a.now === b.now && a.same === b.same && a.label === b.label;
}

/** "On the No side, after Wait". */
function placeLines(id: string, sides: Sides, name: (id: string) => string, say: Say): ChangeLine[] {
  const edge = edgesOf(sides.now).find((one) => one.target === id);
  if (!edge) return [];
  const source = nodesOf(sides.now).find((node) => node.id === edge.source);
  const values = { step: name(edge.source) };
  return [{ label: branchText('place', edge.branch ?? 'next', source, values, say) }];
}

const BRANCHES: readonly string[] = ['next', 'yes', 'no', OTHERWISE, FAILED, REFUSED, LATE, EACH];

/** A branch in words: a way of a choose by its name. */
function branchText(
  of: 'order' | 'place',
  branch: string,
  node: RuleNode | undefined,
  values: Record<string, string>,
  say: Say,
): string {
  if (BRANCHES.includes(branch)) return say(`${of}.${branchKey(node, branch)}`, values);
  return say(`${of}.way`, { ...values, way: wayText(branch, node, say) });
}

/** What a way is called: its name, else its number. */
function wayText(key: string, node: RuleNode | undefined, say: Say): string {
  const ways = node ? waysIn(node) : [];
  const at = ways.findIndex((way) => way.key === key);
  return ways[at]?.name || (at < 0 ? key : say('wayNumber', { number: String(at + 1) }));
}

/** A pace, a quiet or a list in words; null where it is none of these. */
function timingText(field: string, value: JSONValue, say: Say): string | null {
  if (value === null) return say(`${field}.none`);
  const { pace, settle, batch } = timingOf({ [field.replace('policy.', '')]: value });
  if (pace) return say(`${field}.${pace.per}`, { limit: String(pace.atMost) });
  if (settle) return say(`${field}.${settle.unit}`, { limit: String(settle.amount) });
  return batch && say(`${field}.list`, { limit: String(batch.atMost) });
}

const TIMING = ['policy.pace', 'policy.settle', 'policy.batch'];

function headLines({ field, old, new: now }: Change, { say, words }: Told): ChangeLine[] {
  const value = (one: JSONValue): string => {
    if (field !== 'policy.hours') return plainValue(one);
    if (!isObject(one)) return say('policy.hours.any');
    return say(`policy.hours.${hoursOf(one).outside}`, { hours: words.hours(one) });
  };
  const plainValue = (one: JSONValue): string =>
    field === 'policy.limit' && typeof one === 'number'
      ? say('policy.limit.number', { limit: String(one) })
      : TIMING.includes(field)
        ? (timingText(field, one, say) ?? '')
        : field.startsWith('policy.')
          ? say(`${field}.${String(one ?? 'none')}`)
          : one === ''
            ? say('empty')
            : String(one);
  return [{ label: say(`head.${field.replace('policy.', '')}`), was: value(old), now: value(now) }];
}

function fieldLines(
  change: Change,
  was: RuleNode | undefined,
  now: RuleNode | undefined,
  told: Told,
): ChangeLine[] {
  const { words } = told;
  if (change.field === 'off')
    return [{ now: told.say(change.new === true ? 'switched.off' : 'switched.on') }];
  if (change.field === 'note') return [noteLine(change, told)];
  if (now?.kind === 'action' && (change.field === 'timeout' || change.field === 'tries'))
    return [limitLine(change, told)];
  if (change.field === 'logic') return conditionLines(change.old, change.new, words);
  if (change.field === 'order') return [orderLine(change, was, now, told.say)];
  if (change.field.startsWith('ways.')) return wayLines(change, was, now, told);
  if (change.field.startsWith('fields.') && now) {
    const label = fieldLabel(change.field, now, told);
    const line = (value: JSONValue): string => valueText(value, change.field, now, words);
    // A field that one side does not have comes as null.
    const held = (node: RuleNode | undefined): boolean => node !== undefined && holds(node, change.field);
    return [
      {
        label,
        ...(held(was) ? { was: line(change.old) } : {}),
        ...(held(now) ? { now: line(change.new) } : {}),
      },
    ];
  }
  if (!was || !now) return [];
  const [old, fresh] = [stepWords(was, words), stepWords(now, words)];
  if (old !== fresh) return [{ was: old, now: fresh }];
  return [
    { label: told.say('setting', { name: change.field }), was: json(change.old), now: json(change.new) },
  ];
}

function orderLine(
  { old, new: now }: Change,
  before: RuleNode | undefined,
  after: RuleNode | undefined,
  say: Say,
): ChangeLine {
  const list = (keys: JSONValue, node: RuleNode | undefined): string =>
    (isList(keys) ? keys : []).map((key) => wayText(String(key), node, say)).join(' → ');
  return { label: say('ways.order'), was: list(old, before), now: list(now, after) };
}

/** One way that came, went, has another name or asks something else. */
function wayLines(
  { field, old, new: fresh }: Change,
  was: RuleNode | undefined,
  now: RuleNode | undefined,
  { words, say }: Told,
): ChangeLine[] {
  const [, key = '', part] = field.split('.');
  const label = say('ways.way', { way: wayText(key, fresh === null ? was : now, say) });
  if (part === 'name') return [{ label: say('ways.name'), was: String(old), now: String(fresh) }];
  if (part === 'logic') return [{ label }, ...conditionLines(old, fresh, words)];
  const text = (way: JSONValue): string =>
    conditionWords(toTree(isObject(way) ? (way['logic'] ?? null) : null), words);
  return [
    { label, ...(old === null ? {} : { was: text(old) }), ...(fresh === null ? {} : { now: text(fresh) }) },
  ];
}

function limitLine({ field, old, new: now }: Change, { say }: Told): ChangeLine {
  const text = (value: JSONValue): string =>
    value === null ? say('limits.usual') : say(`limits.${field}`, { limit: String(value) });
  return { label: say(`limits.${field}Label`), was: text(old), now: text(now) };
}

function noteLine({ old, new: now }: Change, { say }: Told): ChangeLine {
  const label = say('note');
  return {
    label,
    ...(old === '' ? {} : { was: String(old) }),
    ...(now === '' ? {} : { now: String(now) }),
  };
}

function holds(node: RuleNode, field: string): boolean {
  const [, name = '', key] = field.split('.');
  const fields = objectAt(node, 'fields');
  return key === undefined ? Object.hasOwn(fields, name) : Object.hasOwn(objectAt(fields, name), key);
}

function fieldLabel(field: string, node: RuleNode, { words, say }: Told): string {
  const [, name = '', key] = field.split('.');
  if (key === undefined) return say(`field.${name}`);
  if (name === 'set') return words.field(`after.${key}`, textAt(objectAt(node, 'fields'), 'table'));
  return `${say(`field.${name}`)} · ${key}`;
}

function valueText(value: JSONValue, field: string, node: RuleNode, words: Words): string {
  const [, name = '', key] = field.split('.');
  const path = name === 'set' && key !== undefined ? `after.${key}` : null;
  if (path !== null && !isObject(value))
    return words.value(value, path, textAt(objectAt(node, 'fields'), 'table'));
  const text = typeof value === 'string' ? value : templateWords(value, words);
  return text === '…' || text === '' ? json(value) : text;
}

function json(value: JSONValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type Row = { readonly depth: number; readonly text: string };

/** Every comparison on a line of its own; the ones that stayed are there, too, so that the others can be understood. */
export function conditionLines(old: JSONValue, now: JSONValue, words: Words): ChangeLine[] {
  const [was, is] = [rows(toTree(old), 0, words), rows(toTree(now), 0, words)];
  return align(was, is, (row) => `${row.depth} ${row.text}`).map(({ kind, item: { depth, text } }) =>
    kind === 'same' ? { same: text, depth } : kind === 'old' ? { was: text, depth } : { now: text, depth },
  );
}

function rows(condition: Condition, depth: number, words: Words): Row[] {
  switch (condition.kind) {
    case 'comparison':
      return [{ depth, text: comparisonWords(condition, words) }];
    case 'advanced':
      return [{ depth, text: `${conditionWords(condition, words)}: ${JSON.stringify(condition.logic)}` }];
    case 'group': {
      const [only] = condition.items;
      const plain = condition.mode === 'all' || condition.mode === 'any';
      if (only && condition.items.length === 1 && plain) return rows(only, depth, words);
      const items = condition.items.flatMap((item) => rows(item, depth + 1, words));
      return [{ depth, text: words.phrase(`mode.${condition.mode}`) }, ...items];
    }
  }
}
