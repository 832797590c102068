/** The way that a rule would have taken for a stored change, as far as the browser can say. Pure; performs nothing. */
import type { TimedStep } from '../../canvas/badges';
import { documentOf, nodesOf, type Opened } from '../../model/graph';
import { isList, listAt, textsAt } from '../../model/json';
import type { TraceLike } from '../../model/paint';
import type { RuleNode } from '../../model/rule';
import { OTHERWISE, waysIn } from '../../model/ways';
import { type Light, lightOfLogic, type Sight } from './light';
import type { Moment } from './sight';

export type Start = 'starts' | 'other-operation' | 'other-columns' | 'not-the-trigger';

/** Would this change start the rule? */
export function startOf(trigger: RuleNode | undefined, moment: Moment): Start {
  if (trigger?.['on'] !== 'change') return 'not-the-trigger';
  if (!textsAt(trigger, 'events').includes(moment.op)) return 'other-operation';
  const columns = textsAt(trigger, 'columns');
  const listens = columns.length === 0 || columns.some((column) => moment.changed.includes(column));
  return moment.op !== 'update' || listens ? 'starts' : 'other-columns';
}

export type Walk = TraceLike & { readonly steps: readonly TimedStep[] };

/** How it would have ended. `stopped`: at a condition that cannot be known now. */
export type Ending = 'acts' | 'nothing' | 'stopped' | 'fails';

/** Which way a deciding step takes, or the light that leaves it open. */
export function wayOf(node: RuleNode, sight: Sight): { branch: string } | { light: Light } {
  const asked =
    node.kind === 'choose'
      ? waysIn(node).map(({ key, logic }) => ({ branch: key, logic }))
      : [{ branch: 'yes', logic: node['logic'] ?? null }];
  for (const { branch, logic } of asked) {
    const light = lightOfLogic(logic, sight);
    if (light.kind === 'true') return { branch };
    if (light.kind !== 'false') return { light };
  }
  return { branch: node.kind === 'choose' ? OTHERWISE : 'no' };
}

const DECIDING: readonly string[] = ['condition', 'choose'];
/** By which way a run leaves a step that is switched off. */
const PASSED: Readonly<Record<string, string>> = { condition: 'yes', choose: OTHERWISE };

/** The steps come by for this sight: through conditions that are known, as if every action went well. */
export function walk(opened: Opened, sight: Sight): { readonly trace: Walk; readonly ending: Ending } {
  const nodes = new Map(nodesOf(opened).map((node) => [node.id, node]));
  const ways = new Map<string, string>();
  for (const edge of listAt(documentOf(opened), 'edges')) {
    if (isList(edge)) ways.set(`${edge[0]} ${edge[2] ?? ''}`, String(edge[1]));
  }
  const steps: TimedStep[] = [];
  let ending: Ending = 'nothing';
  let node = [...nodes.values()].find((one) => one.kind === 'trigger');
  while (node && steps.length < nodes.size) {
    const off = node['off'] === true;
    const way = DECIDING.includes(node.kind) && !off ? wayOf(node, sight) : null;
    const light = way && 'light' in way ? way.light : null;
    const branch = off ? (PASSED[node.kind] ?? null) : way && 'branch' in way ? way.branch : null;
    const state = off ? 'skipped' : light?.kind === 'error' ? 'failed' : 'succeeded';
    const base = { node: node.id, kind: node.kind };
    const step: TimedStep = state === 'failed' ? { ...base, state } : { ...base, state, branch };
    steps.push(step);
    if (!off && (node.kind === 'action' || node.kind === 'wait')) ending = 'acts';
    if (light?.kind === 'error') ending = 'fails';
    if (light?.kind === 'unknown') ending = ending === 'acts' ? 'acts' : 'stopped';
    if (light?.kind === 'error' || light?.kind === 'unknown' || node.kind === 'end') break;
    node = nodes.get(ways.get(`${node.id} ${step.branch ?? ''}`) ?? '');
  }
  const outcome = ending === 'fails' ? 'failed' : ending === 'acts' ? 'succeeded' : 'unmatched';
  return { trace: { outcome, steps }, ending };
}
