/** Two versions as one drawing: the new one, with the steps that went as ghosts where they stood. Pure. */
import { documentOf, edgesOf, nodesOf, type Opened } from './graph';
import { type Branch, indexOf, ROOT, type Rule, type Step } from './rule';
import { sidesOf, withSides } from './ways';

export type Merged = { readonly opened: Opened; readonly ghosts: ReadonlySet<string> };

export function merge(old: Opened, now: Opened): Merged {
  const kept = new Set(nodesOf(now).map((node) => node.id));
  const ghosts = new Set(
    nodesOf(old)
      .filter((node) => node.kind !== 'trigger' && !kept.has(node.id))
      .map((node) => node.id),
  );
  if (ghosts.size === 0) return { opened: now, ghosts };
  if (old.kind === 'rule' && now.kind === 'rule') return { opened: mergeTrees(old, now, ghosts), ghosts };
  return { opened: mergeFree(old, now, ghosts), ghosts };
}

function mergeTrees(old: Rule, now: Rule, ghosts: ReadonlySet<string>): Rule {
  const before = new Map<string, readonly Step[]>([[`${ROOT}:main`, old.steps]]);
  for (const { step } of indexOf(old).places.values()) {
    for (const side of sidesOf(step)) before.set(`${step.node.id}:${side.branch}`, side.steps);
  }
  const sequence = (steps: readonly Step[], parent: string, branch: Branch): Step[] => {
    const merged = steps.map((step) =>
      withSides(step, (side) => sequence(side.steps, step.node.id, side.branch)),
    );
    let at = 0;
    for (const step of before.get(`${parent}:${branch}`) ?? []) {
      const here = merged.findIndex((one) => one.node.id === step.node.id);
      if (here >= 0) at = here + 1;
      else if (ghosts.has(step.node.id)) {
        merged.splice(at, 0, onlyGhosts(step, ghosts));
        at += 1;
      }
    }
    return merged;
  };
  return { ...now, steps: sequence(now.steps, ROOT, 'main') };
}

/** A ghost keeps of its sides what is gone, too; what stayed stands elsewhere. */
function onlyGhosts(step: Step, ghosts: ReadonlySet<string>): Step {
  const gone = (steps: readonly Step[]): Step[] =>
    steps.filter((one) => ghosts.has(one.node.id)).map((one) => onlyGhosts(one, ghosts));
  return withSides(step, (side) => gone(side.steps));
}

function mergeFree(old: Opened, now: Opened, ghosts: ReadonlySet<string>): Opened {
  const nodes = [...nodesOf(now), ...nodesOf(old).filter((node) => ghosts.has(node.id))];
  const edges = [
    ...edgesOf(now),
    ...edgesOf(old).filter((edge) => ghosts.has(edge.source) || ghosts.has(edge.target)),
  ];
  const known = new Set(nodes.map((node) => node.id));
  return {
    kind: 'free',
    document: documentOf(now),
    nodes,
    edges: edges.filter((edge) => known.has(edge.source) && known.has(edge.target)),
    why: 'crossing',
  };
}
