/** What the counts of a back-test say: which way the runs went, what would have been done. Pure. */
import type { Backtest } from '../../api/types';
import { objectAt, textAt } from '../../model/json';
import type { RuleNode } from '../../model/rule';

export const DAYS = [1, 7, 30] as const;
export type Days = (typeof DAYS)[number];

const HOUR_MS = 3_600_000;
const CUT = '…';

/** How many runs went each way where they part first; null where all go the same way, or not all ways are known. */
export function partingOf(paths: Readonly<Record<string, number>>): { yes: number; no: number } | null {
  const met = new Map<string, { yes: number; no: number; at: number }>();
  for (const [path, count] of Object.entries(paths)) {
    if (path === CUT) return null;
    path.split(' > ').forEach((part, at) => {
      const [node = '', branch] = part.split(' ');
      if (branch !== 'yes' && branch !== 'no') return;
      const known = met.get(node) ?? { yes: 0, no: 0, at };
      known[branch] += count;
      met.set(node, { ...known, at: Math.min(known.at, at) });
    });
  }
  const parting = [...met.values()]
    .filter((one) => one.yes > 0 && one.no > 0)
    .sort((a, b) => a.at - b.at)
    .at(0);
  return parting ? { yes: parting.yes, no: parting.no } : null;
}

/** How often each kind of action would have been done, most first. */
export function doneOf(
  actions: Readonly<Record<string, number>>,
  nodes: readonly RuleNode[],
): { kind: string; count: number }[] {
  const kinds = new Map<string, number>();
  for (const node of nodes) {
    const count = actions[node.id] ?? 0;
    const kind = textAt(node, 'do');
    if (count > 0 && kind !== '') kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  return [...kinds].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
}

/** What the figures take for granted: so many approvals, nothing done for items of lists, nobody on the do-not-call list. */
export function takenFor(
  actions: Readonly<Record<string, number>>,
  nodes: readonly RuleNode[],
): { approvals: number; lists: boolean; listed: boolean } {
  const asked = doneOf(actions, nodes).find((one) => one.kind === 'ask_approval');
  const lists = nodes.some((node) => node.kind === 'for_each' && node['off'] !== true);
  const listed = nodes.some(
    (node) => (actions[node.id] ?? 0) > 0 && objectAt(node, 'fields')['unless_listed'] === true,
  );
  return { approvals: asked?.count ?? 0, lists, listed };
}

/** The branches of a way (`c yes > d no > a`) in their order. */
export function branchesOf(path: string): ('yes' | 'no')[] {
  return path.split(' > ').flatMap((part) => {
    const branch = part.split(' ').at(1);
    return branch === 'yes' || branch === 'no' ? [branch] : [];
  });
}

/** How far back the kept changes reach, where that is less than was asked for. */
export function coverage(test: Backtest): { amount: number; unit: 'days' | 'hours' | 'minutes' } | null {
  if (test.history_since === null) return null;
  const hours = (Date.parse(test.to_at) - Date.parse(test.history_since)) / HOUR_MS;
  if (hours >= test.days * 24 - 0.1) return null;
  if (hours >= 36) return { amount: Math.round(hours / 24), unit: 'days' };
  return hours >= 1.5
    ? { amount: Math.round(hours), unit: 'hours' }
    : { amount: Math.max(1, Math.round(hours * 60)), unit: 'minutes' };
}

/** What a bar of all changes looked at is divided into; the rest did not start the rule. */
export function partsOf(test: Backtest): { key: 'yes' | 'no' | 'ran' | 'broken'; count: number }[] {
  const { fired, errors, paths } = test.result;
  const parting = partingOf(paths);
  const well = fired - errors;
  const broken = errors > 0 ? [{ key: 'broken' as const, count: errors }] : [];
  if (parting === null || errors > 0) {
    return [...(well > 0 ? [{ key: 'ran' as const, count: well }] : []), ...broken];
  }
  return [
    { key: 'yes', count: parting.yes },
    { key: 'no', count: parting.no },
    ...(fired > parting.yes + parting.no
      ? [{ key: 'ran' as const, count: fired - parting.yes - parting.no }]
      : []),
  ];
}
