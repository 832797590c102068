/** The way that a rule would have taken for a stored change, as far as the browser can say. Pure; performs nothing. */
import type { TimedStep } from '../../canvas/badges';
import { documentOf, nodesOf, type Opened } from '../../model/graph';
import { isList, listAt, textsAt } from '../../model/json';
import type { TraceLike } from '../../model/paint';
import type { RuleNode } from '../../model/rule';
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

function passed(node: RuleNode, light: Light | null): TimedStep {
  const base = { node: node.id, kind: node.kind };
  // A condition that is switched off goes on by its yes side.
  if (node['off'] === true)
    return { ...base, state: 'skipped', branch: node.kind === 'condition' ? 'yes' : null };
  if (light?.kind === 'error') return { ...base, state: 'failed' };
  const branch = light?.kind === 'true' ? 'yes' : light?.kind === 'false' ? 'no' : null;
  return { ...base, state: 'succeeded', branch };
}

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
    const light: Light | null =
      node.kind === 'condition' && !off ? lightOfLogic(node['logic'] ?? null, sight) : null;
    const step = passed(node, light);
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
