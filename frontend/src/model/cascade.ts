/** Runs in a row as a tree: each below the one whose write set it off. */

interface Caused {
  readonly id: number;
  readonly cause_run: number | null;
}

export interface Branch<Run> {
  readonly run: Run;
  readonly below: readonly Branch<Run>[];
}

/** In the order given. A run whose cause is not there (removed, or left out) stands on top. */
export function treeOf<Run extends Caused>(runs: readonly Run[]): Branch<Run>[] {
  const known = new Set(runs.map((run) => run.id));
  const byCause = new Map<number | null, Run[]>();
  for (const run of runs) {
    // A cause is older than what it sets off: anything else would go round in circles.
    const above =
      run.cause_run !== null && run.cause_run < run.id && known.has(run.cause_run) ? run.cause_run : null;
    byCause.set(above, [...(byCause.get(above) ?? []), run]);
  }
  const below = (id: number | null): Branch<Run>[] =>
    (byCause.get(id) ?? []).map((run) => ({ run, below: below(run.id) }));
  return below(null);
}
