/** Keeps what did not change the same value, so that whoever listens to it is not drawn anew. Pure. */
import { same } from './json';
import type { StepProblem } from './problems';

export type ProblemsByStep = ReadonlyMap<string, readonly StepProblem[]>;

/** What is wrong now, with the lists of `before` for every step where nothing changed; `before` itself where none did. */
export function steadyProblems(before: ProblemsByStep, now: ProblemsByStep): ProblemsByStep {
  let changed = before.size !== now.size;
  const steady = new Map<string, readonly StepProblem[]>();
  for (const [step, list] of now) {
    const was = before.get(step);
    const kept = was !== undefined && same(was, list) ? was : list;
    steady.set(step, kept);
    changed ||= kept !== was;
  }
  return changed ? steady : before;
}
