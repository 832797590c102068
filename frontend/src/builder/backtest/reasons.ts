/** Why a change started the rule, or which comparison was in the way, in the reader's language. Pure but for the words. */
import type { TFunction } from 'i18next';
import type { BacktestMatch } from '../../api/types';
import { logicsOf, needText } from '../../canvas/reasons';
import { rowsOf } from '../../canvas/SeenConditions';
import { type Op, pathsIn, toLogic } from '../../model/condition';
import { conditionWords } from '../../model/conditionWords';
import { isObject, type JSONObject } from '../../model/json';
import { logicsOf as logicsIn } from '../../model/places';
import { needsOf, partAt, wanted } from '../../model/reason';
import { toTree } from '../../model/recognise';
import type { RuleNode } from '../../model/rule';
import type { Words } from '../../model/wording';
import { valueAt } from '../lamps/light';

const MOST_FIELDS = 3;
/** Comparisons that every record which passed answers with the same value. */
const PINNED: readonly Op[] = ['is', 'changedTo', 'changedFromTo', 'isEmpty', 'isNull'];

/** The record as the conditions saw it. */
function dataOf(match: BacktestMatch): JSONObject {
  return {
    before: isObject(match.before) ? match.before : null,
    after: isObject(match.after) ? match.after : null,
  };
}

/** One comparison, as it would have had to come out; null where words fail or the rule has no such place. */
export function neededText(
  nodes: readonly RuleNode[],
  place: { readonly node: string; readonly path: string; readonly relation: string },
  words: Words,
): string | null {
  const part = partAt(logicsOf(nodes)(place.node) ?? null, place.path);
  if (part === undefined) return null;
  const condition = toTree(wanted(part, place.relation));
  return condition.kind === 'advanced' ? null : conditionWords(condition, words);
}

/** Each comparison that was in the way, with what the record had. */
export function missedText(
  match: BacktestMatch,
  nodes: readonly RuleNode[],
  words: Words,
  t: TFunction,
): string {
  const needs = needsOf(match.flips, logicsOf(nodes), words);
  return needs.length > 0 ? needs.map((need) => needText(need, t)).join(' ') : match.words;
}

/** The fields that a condition looks at; those first whose value it leaves open, for they tell records apart. */
function fieldsOf(node: RuleNode): { path: string; open: boolean }[] {
  const rows = logicsIn(node).flatMap(({ logic }) => rowsOf(toTree(logic), ''));
  return rows.flatMap(({ condition }) => {
    const open = condition.kind === 'comparison' && !PINNED.includes(condition.op);
    return pathsIn(toLogic(condition)).map((path) => ({ path, open }));
  });
}

/** What the conditions on its way saw of the record; without conditions, what had changed. */
export function seenText(match: BacktestMatch, nodes: readonly RuleNode[], words: Words): string {
  const passed = new Set(match.trace?.steps.map((step) => step.node));
  const looked = nodes
    .filter((node) => passed.has(node.id))
    .flatMap(fieldsOf)
    .filter(({ path }) => path.startsWith('after.'))
    .sort((a, b) => Number(b.open) - Number(a.open))
    .map(({ path }) => path);
  const root = match.after === null ? 'before' : 'after';
  const paths = looked.length > 0 ? looked : match.changed.map((name) => `${root}.${name}`);
  const data = dataOf(match);
  return [...new Set(paths)]
    .slice(0, MOST_FIELDS)
    .map((path) => `${words.field(path)}: ${words.value(valueAt(data, path) ?? null, path)}`)
    .join(' · ');
}
