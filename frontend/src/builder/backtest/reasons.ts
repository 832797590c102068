/** Why a change started the rule, or which comparison was in the way, in the reader's language. Pure but for the words. */
import type { BacktestMatch } from '../../api/types';
import { rowsOf } from '../../canvas/SeenConditions';
import { beforeOf, type Comparison, type Op, pathsIn, toLogic } from '../../model/condition';
import { isObject, type JSONObject, same } from '../../model/json';
import { toTree } from '../../model/recognise';
import type { RuleNode } from '../../model/rule';
import { conditionWords, type Words } from '../../model/sentence';
import { evaluateLogic } from '../evaluate';
import { valueAt } from '../lamp';

type Say = (key: string, values?: Record<string, unknown>) => string;
type Place = { readonly node: string; readonly path: string };
const MOST_FIELDS = 3;
/** Comparisons that every record which passed answers with the same value. */
const PINNED: readonly Op[] = ['is', 'changedTo', 'changedFromTo', 'isEmpty', 'isNull'];

/** The record as the conditions saw it. */
export function dataOf(match: BacktestMatch): JSONObject {
  return {
    before: isObject(match.before) ? match.before : null,
    after: isObject(match.after) ? match.after : null,
    changed: match.changed,
    event: { at: match.at },
    steps: {},
    now: match.at,
  };
}

/** The comparison that people wrote which holds this place in the logic. */
function comparisonAt(nodes: readonly RuleNode[], place: Place) {
  const node = nodes.find((one) => one.id === place.node);
  if (!node) return null;
  const rows = rowsOf(toTree(node['logic'] ?? null), '');
  return rows.find((row) => row.path === place.path || place.path.startsWith(`${row.path}/`)) ?? null;
}

/** One comparison, as it would have had to come out. */
export function neededText(
  nodes: readonly RuleNode[],
  place: Place,
  truth: boolean,
  words: Words,
  say: Say,
): string | null {
  const found = comparisonAt(nodes, place);
  if (!found) return null;
  const condition = conditionWords(found.condition, words);
  return truth ? condition : say('backtest.why.not', { condition });
}

/** What the record had; of a change, from what to what. */
function hadText(comparison: Comparison, data: JSONObject, words: Words): string | null {
  const { field, op } = comparison;
  const had = field === null ? undefined : valueAt(data, field);
  if (field === null || had === undefined) return null;
  const said = words.value(had, field);
  const before = op.startsWith('changed') ? valueAt(data, beforeOf(field)) : undefined;
  return before === undefined || same(before, had) ? said : `${words.value(before, field)} → ${said}`;
}

/** Each comparison that was in the way, with what the record had. */
export function missedText(match: BacktestMatch, nodes: readonly RuleNode[], words: Words, say: Say): string {
  const data = dataOf(match);
  const told = match.flips.map((flip) => {
    const found = comparisonAt(nodes, flip);
    if (!found) return flip.words;
    const { condition } = found;
    const outcome = evaluateLogic(toLogic(condition), data);
    const held = outcome.kind !== 'error' && outcome.truthy;
    const needed = neededText(nodes, flip, !held, words, say) ?? flip.words;
    const had = condition.kind === 'comparison' ? hadText(condition, data, words) : null;
    return had === null ? needed : `${needed} ${say('builder.seen.was', { value: had })}`;
  });
  return [...new Set(told)].join(' · ');
}

/** The fields that a condition looks at; those first whose value it leaves open, for they tell records apart. */
function fieldsOf(node: RuleNode): { path: string; open: boolean }[] {
  return rowsOf(toTree(node['logic'] ?? null), '').flatMap(({ condition }) => {
    const open = condition.kind === 'comparison' && !PINNED.includes(condition.op);
    return pathsIn(toLogic(condition)).map((path) => ({ path, open }));
  });
}

/** What the conditions on its way saw of the record; without conditions, what had changed. */
export function seenText(match: BacktestMatch, nodes: readonly RuleNode[], words: Words): string {
  const passed = new Set(match.trace?.steps.map((step) => step.node));
  const looked = nodes
    .filter((node) => node.kind === 'condition' && passed.has(node.id))
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
