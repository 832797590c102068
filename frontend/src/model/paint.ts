/** A trace laid over a rule: which steps were done, which lines were taken. Pure; run, test and explanation alike. */
import type { Opened } from './graph';
import { type Branch, ROOT, type Rule, type Step as RuleStep, slotName, type Way } from './rule';
import { APPROVED, asksPeople, DONE, EACH, FAILED, sidesOf } from './ways';

export type TraceStep = {
  readonly node: string;
  readonly state: 'running' | 'waiting' | 'succeeded' | 'failed' | 'skipped';
  readonly branch?: Branch | null | undefined;
};
export type TraceLike = {
  readonly outcome: 'running' | 'succeeded' | 'failed' | 'waiting' | 'cancelled' | 'unmatched' | 'skipped';
  readonly steps: readonly TraceStep[];
};

export type StepPaint = 'done' | 'failed' | 'waiting' | 'running' | 'skipped' | 'missed' | 'off';
export type Painting = {
  readonly steps: ReadonlyMap<string, StepPaint>;
  /** Lines that were taken, by id; all others are pale. */
  readonly taken: ReadonlySet<string>;
  readonly ended: boolean;
};

/** `live`: the run came by. `broken`: it would have come by, but something failed before. `off`: another way. */
type Flow = 'live' | 'broken' | 'off';

const PAINT: Readonly<Record<TraceStep['state'], StepPaint>> = {
  running: 'running',
  waiting: 'waiting',
  succeeded: 'done',
  failed: 'failed',
  skipped: 'skipped',
};

export function paint(opened: Opened, trace: TraceLike): Painting {
  const seen = new Map(trace.steps.map((step) => [step.node, step]));
  return opened.kind === 'rule' ? paintTree(opened, seen, trace) : paintFree(opened, seen);
}

/** Did the run leave the step: it went well, was passed over, or failed with a path for that? */
function wentOn({ state, branch }: TraceStep): boolean {
  return state === 'succeeded' || state === 'skipped' || (state === 'failed' && branch === FAILED);
}

function after(step: TraceStep | undefined, entered: Flow): Flow {
  if (!step) return entered === 'live' ? 'broken' : entered;
  return wentOn(step) ? 'live' : 'broken';
}

function paintTree(rule: Rule, seen: ReadonlyMap<string, TraceStep>, trace: TraceLike): Painting {
  const steps = new Map<string, StepPaint>();
  const taken = new Set<string>();
  const stopped = trace.outcome === 'failed' || trace.outcome === 'cancelled';

  const mark = (id: string, entered: Flow): void => {
    const step = seen.get(id);
    steps.set(id, step ? PAINT[step.state] : entered === 'broken' && stopped ? 'missed' : 'off');
  };
  // A test goes through the first item, and an item has a trace of its own.
  const cameBy = ({ branch, steps: [first] }: Way): boolean =>
    branch === EACH && first !== undefined && seen.has(first.node.id);
  const sequence = (row: readonly RuleStep[], parent: string, branch: Branch, entry: Flow): Flow => {
    let flow = entry;
    row.forEach((step, index) => {
      const { id, kind } = step.node;
      const found = seen.get(id);
      const entered = flow === 'live' && !found ? 'broken' : flow;
      if (flow === 'live' && found) taken.add(slotName({ parent, branch, index }));
      mark(id, entered);
      const out = after(found, entered);
      const went = out === 'live' ? wentBy(step, found) : null;
      if (went === DONE && asksPeople(step.node))
        taken.add(slotName({ parent: id, branch: APPROVED, index: 0 }));
      const flows = sidesOf(step).map((side) => ({
        side: side.branch,
        flow: sequence(side.steps, id, side.branch, went === side.branch || cameBy(side) ? 'live' : 'off'),
      }));
      const left = flows.find(({ side }) => side === went);
      // An answer that no path is drawn for ends the run.
      const ends = kind === 'end' || (left ? stopsAt(step) : went !== null && went !== DONE);
      flow = ends ? 'off' : (left?.flow ?? out);
    });
    // The last line of a branch is taken when the run came out of it; of the rule, when it came to its end.
    if (
      flow === 'live' &&
      (branch !== 'main' || trace.outcome === 'succeeded' || trace.outcome === 'unmatched')
    ) {
      taken.add(slotName({ parent, branch, index: row.length }));
    }
    return flow;
  };
  mark(rule.trigger.id, 'off');
  // An item begins behind its list: it never comes by the start.
  const begun = seen.size === 0 || seen.has(rule.trigger.id) ? 'live' : 'off';
  const flow = sequence(rule.steps, ROOT, 'main', after(seen.get(rule.trigger.id), begun));
  return { steps, taken, ended: flow === 'live' && trace.outcome === 'succeeded' };
}

/** The side that a run took; null where it took none of them. */
function wentBy(step: RuleStep, found: TraceStep | undefined): Branch | null {
  return found?.branch ?? (step.node.kind === 'action' ? DONE : null);
}

function stopsAt(step: RuleStep): boolean {
  return step.kind === 'split' && step.stops;
}

function paintFree(free: Extract<Opened, { kind: 'free' }>, seen: ReadonlyMap<string, TraceStep>): Painting {
  const steps = new Map<string, StepPaint>();
  const taken = new Set<string>();
  for (const node of free.nodes) {
    const step = seen.get(node.id);
    steps.set(node.id, step ? PAINT[step.state] : 'off');
  }
  for (const edge of free.edges) {
    const source = seen.get(edge.source);
    if (!source || !wentOn(source) || !seen.has(edge.target)) continue;
    if (edge.branch !== EACH && edge.branch !== (source.branch ?? null)) continue;
    taken.add(`${edge.source}>${edge.target}${edge.branch ? `:${edge.branch}` : ''}`);
  }
  return { steps, taken, ended: false };
}
