/** The problems of the open rule as faults of its JSON. */
import type { Opened } from '../../model/graph';
import { nodesOf } from '../../model/graph';
import type { StepProblem } from '../../model/problems';
import type { Fault } from './faults';

/** Inside one step: `under` is the place in it that is written out, such as `logic`. */
export function stepFaults(
  problems: readonly StepProblem[],
  under: string,
  words: (problem: StepProblem) => string,
): readonly Fault[] {
  return problems
    .filter(({ place }) => place === '' || `/${place}/`.startsWith(`${under}/`))
    .map((problem) => ({
      at: { pointer: problem.place === '' ? '' : `/${problem.place}`.slice(under.length) },
      message: words(problem),
      severity: problem.severity,
    }));
}

/** In the whole rule. */
export function knownFaults(
  opened: Opened,
  problems: readonly StepProblem[],
  words: (problem: StepProblem) => string,
): readonly Fault[] {
  const ids = nodesOf(opened).map((node) => node.id);
  return problems.map((problem) => {
    const step = problem.step === '' ? '' : `/nodes/${ids.indexOf(problem.step)}`;
    return {
      at: { pointer: problem.place === '' ? step : `${step}/${problem.place}` },
      message: words(problem),
      severity: problem.severity,
    };
  });
}
