/** Who comes from a list of problems is taken to the field that the problem is about, once. */
import { useEffect, useRef } from 'react';
import type { StepProblem } from '../model/problems';
import { goTo } from './attend';
import type { Commands } from './commands';
import { problemsOf } from './derived';
import type { BuilderStore } from './store';

/** `path`: as the check names it, with the place inside the step at its end. */
function problemAt(problems: readonly StepProblem[], step: string, path: string): StepProblem | undefined {
  return problems
    .filter((one) => one.step === step && (one.place === '' || path.endsWith(`/${one.place}`)))
    .sort((a, b) => b.place.length - a.place.length)
    .at(0);
}

export function useArrival(
  store: BuilderStore,
  commands: Commands,
  { step, problem, ready }: { step: string | null; problem: string | null; ready: boolean },
): void {
  const arrived = useRef(false);
  useEffect(() => {
    if (!ready || arrived.current) return;
    arrived.current = true;
    if (step === null || problem === null) return;
    const problems = [...problemsOf(store.getState()).values()].flat();
    const found = problemAt(problems, step, problem);
    if (found) goTo(store, commands, found);
  }, [ready, step, problem, store, commands]);
}
