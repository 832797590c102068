/** Attending to problems: show them all, go to the place of one, apply fixes as one edit that undo gives back. */
import { mend } from '../model/fix';
import { documentOf, open } from '../model/graph';
import type { StepProblem } from '../model/problems';
import type { Commands, Say } from './commands';
import { announce, type BuilderStore, put } from './store';

/** What to set so that everything that is wrong is shown, also in fields that nobody has left yet. */
export function revealing(store: BuilderStore): { revealed: number; fresh: null } {
  return { revealed: store.getState().revealed + 1, fresh: null };
}

/** Opens the step of a problem and puts the cursor into the field that it is about. */
export function goTo(store: BuilderStore, commands: Commands, problem: StepProblem): void {
  if (problem.step === '') return;
  commands.select(problem.step);
  store.setState({
    tab: 'setup',
    dialog: null,
    testing: { ...store.getState().testing, shown: false },
    painting: null,
    focusAt: { step: problem.step, place: problem.place, side: problem.side },
    ...revealing(store),
  });
}

/** Applies the fixes as one edit. Says what it did; says so, too, where nothing fits any more. */
export function applyFixes(store: BuilderStore, problems: readonly StepProblem[], say: Say): void {
  const { history, checked, editing } = store.getState();
  if (!editing) return;
  const fixes = problems.flatMap((problem) => (problem.fix ? [problem.fix] : []));
  const made = mend(documentOf(history.present), checked, fixes);
  if (made === null) {
    announce(store, say('problems.fix.gone'));
    return;
  }
  put(store, open(made));
  const done = new Set(fixes);
  const [first] = problems;
  store.setState((state) => ({
    found: state.found.filter((one) => !one.fix || !done.has(one.fix)),
    ...(first && problems.length === 1
      ? { focusAt: { step: first.step, place: first.place, side: first.side } }
      : {}),
    ...revealing(store),
  }));
  announce(store, say('problems.fix.done', { count: problems.length }));
}
