/** Copies of steps, under ids that are free where they will stand; what they read of each other follows. Pure. */
import { renamedIn } from './rename';
import type { Step } from './rule';
import { sidesOf, withSides } from './ways';

/** Whether an id is somebody's already. */
export type Taken = (id: string) => boolean;

/** The prefix and the smallest number that is free. */
export function freeId(prefix: string, taken: Taken): string {
  for (let number = 1; ; number += 1) {
    const id = `${prefix}${number}`;
    if (!taken(id)) return id;
  }
}

/** What a copy's id begins with: short enough that a number still fits. */
function prefixOf(id: string): string {
  return id.replace(/\d+$/, '').slice(0, 30) || 's';
}

/** A step that will be copied, with the id that its copy gets. */
type Named = {
  readonly id: string;
  readonly step: Step;
  readonly sides: readonly { readonly branch: string; readonly named: readonly Named[] }[];
};

export function copiesOf(steps: readonly Step[], taken: Taken): readonly Step[] {
  const names = new Map<string, string>();
  const given = new Set<string>();
  const name = (step: Step): Named => {
    const id = freeId(prefixOf(step.node.id), (one) => taken(one) || given.has(one));
    names.set(step.node.id, id);
    given.add(id);
    return {
      id,
      step,
      sides: sidesOf(step).map(({ branch, steps }) => ({ branch, named: steps.map(name) })),
    };
  };
  const copy = ({ id, step, sides }: Named): Step => {
    const node = { ...renamedIn(step.node, names), id, kind: step.node.kind };
    return withSides({ ...step, node }, ({ branch }) =>
      sides.flatMap((side) => (side.branch === branch ? side.named.map(copy) : [])),
    );
  };
  // All are named before the first is copied: a step may read one that comes after it in the list.
  return steps.map(name).map(copy);
}
