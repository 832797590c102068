/** What follows from the open rule and is asked by several parts: worked out once for each value, and kept steady. */
import { useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Opened } from '../model/graph';
import { type FoundProblem, inReadingOrder, problemsByStep, type StepProblem } from '../model/problems';
import { type ProblemsByStep, steadyProblems } from '../model/steady';
import { type Builder, useBuilder } from './store';

type Known = {
  readonly found: readonly FoundProblem[];
  readonly checked: object;
  readonly problems: ProblemsByStep;
};
const known = new WeakMap<Opened, Known>();
const NONE: ProblemsByStep = new Map();

export function problemsOf({ history: { present }, found, checked }: Builder): ProblemsByStep {
  const before = known.get(present);
  if (before?.found === found && before.checked === checked) return before.problems;
  const problems = problemsByStep(present, found, checked);
  known.set(present, { found, checked, problems });
  return problems;
}

/** By step ('' = the rule as a whole). Draws anew only where a problem came, went or changed. */
export function useProblems(): ProblemsByStep {
  const kept = useRef(NONE);
  return useBuilder((state) => {
    kept.current = steadyProblems(kept.current, problemsOf(state));
    return kept.current;
  });
}

/** All of them in reading order. */
export function useOrderedProblems(): readonly StepProblem[] {
  const kept = useRef(NONE);
  return useBuilder(
    useShallow((state: Builder) => {
      kept.current = steadyProblems(kept.current, problemsOf(state));
      return inReadingOrder(state.history.present, kept.current);
    }),
  );
}
