/** A trace laid over a rule: which steps were done, which lines were taken. Pure; run, test and explanation alike. */
import type { Opened } from './graph';
import { ROOT, type Rule, type Step as RuleStep, slotName } from './rule';

export type TraceStep = {
  readonly node: string;
  readonly state: 'running' | 'waiting' | 'succeeded' | 'failed' | 'skipped';
  readonly branch?: 'yes' | 'no' | null | undefined;
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

function after(step: TraceStep | undefined, entered: Flow): Flow {
  if (!step) return entered === 'live' ? 'broken' : entered;
  return step.state === 'succeeded' || step.state === 'skipped' ? 'live' : 'broken';
}

function paintTree(rule: Rule, seen: ReadonlyMap<string, TraceStep>, trace: TraceLike): Painting {
  const steps = new Map<string, StepPaint>();
  const taken = new Set<string>();
  const stopped = trace.outcome === 'failed' || trace.outcome === 'cancelled';

  const mark = (id: string, entered: Flow): void => {
    const step = seen.get(id);
    steps.set(id, step ? PAINT[step.state] : entered === 'broken' && stopped ? 'missed' : 'off');
  };
  const sequence = (
    row: readonly RuleStep[],
    parent: string,
    branch: 'main' | 'yes' | 'no',
    entry: Flow,
  ): Flow => {
    let flow = entry;
    row.forEach((step, index) => {
      const { id, kind } = step.node;
      const found = seen.get(id);
      const entered = flow === 'live' && !found ? 'broken' : flow;
      if (flow === 'live' && found) taken.add(slotName({ parent, branch, index }));
      mark(id, entered);
      const out = after(found, entered);
      if (step.kind === 'if') {
        const went = out === 'live' ? (found?.branch ?? null) : null;
        const yes = sequence(step.yes, id, 'yes', went === 'yes' ? 'live' : 'off');
        const no = sequence(step.no, id, 'no', went === 'no' ? 'live' : 'off');
        flow = went === null ? out : went === 'yes' ? yes : no;
      } else {
        flow = kind === 'end' ? 'off' : out;
      }
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
  const flow = sequence(rule.steps, ROOT, 'main', after(seen.get(rule.trigger.id), 'live'));
  return { steps, taken, ended: flow === 'live' && trace.outcome === 'succeeded' };
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
    if ((source?.state !== 'succeeded' && source?.state !== 'skipped') || !seen.has(edge.target)) continue;
    if (edge.branch !== null && edge.branch !== source.branch) continue;
    taken.add(`${edge.source}>${edge.target}${edge.branch ? `:${edge.branch}` : ''}`);
  }
  return { steps, taken, ended: false };
}
