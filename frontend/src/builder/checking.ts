/**
 * The open draft is checked a moment after each change, saved or not. The newest answer wins; when the server is
 * away what was found before stays, and the check is asked again.
 */
import { checkDraft } from '../api/builder';
import { isProblem } from '../api/client';
import { checkable, foundOf, unfilledProblems } from '../model/problems';
import type { BuilderStore } from './store';

const QUIET_MS = 300;
const AGAIN_MS = 4000;

/** Checks until it is stopped. A change that is no typing (undo, a fix) is checked at once. */
export function startChecking(store: BuilderStore): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let going: AbortController | null = null;

  const wait = (ms: number): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void check(), ms);
  };

  async function check(): Promise<void> {
    timer = null;
    going?.abort();
    const mine = new AbortController();
    going = mine;
    const { ruleId, history } = store.getState();
    const document = checkable(history.present);
    try {
      const answer = await checkDraft(ruleId, document, mine.signal);
      if (mine.signal.aborted) return;
      const current = store.getState().history.present === history.present;
      store.setState({
        found: foundOf(answer.problems),
        checked: document,
        checking: current ? 'fresh' : 'waiting',
      });
    } catch (error) {
      if (mine.signal.aborted) return;
      store.setState({ checking: 'away' });
      // What the server refuses to look at (too large, not allowed) it refuses again.
      if (!isProblem(error) || error.status === 0 || error.status >= 500) wait(AGAIN_MS);
    }
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (state.history.present === before.history.present) return;
    // An answer that is on its way is about what stood there before.
    going?.abort();
    if (state.checking === 'fresh') store.setState({ checking: 'waiting' });
    wait(state.history.open === null ? 0 : QUIET_MS);
  });
  // What was answered with the rule is about the saved draft, and says little where something is not filled in.
  const { history, saved } = store.getState();
  const opened = history.present;
  if (opened !== saved || unfilledProblems(opened).length > 0) wait(0);
  return () => {
    unsubscribe();
    going?.abort();
    if (timer !== null) clearTimeout(timer);
  };
}
