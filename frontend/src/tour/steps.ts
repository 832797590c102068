/** The steps of the first-rule tour and which are done. Pure. */

export const STEPS = ['make', 'start', 'if', 'do', 'test', 'on', 'run'] as const;
export type Step = (typeof STEPS)[number];

export function isStep(value: unknown): value is Step {
  return STEPS.some((step) => step === value);
}

/** What is kept between visits: an offer not yet answered has no state at all. */
export interface Kept {
  state: 'going' | 'over';
  ruleId: number | null;
  done: readonly Step[];
}

export const BEGUN: Kept = { state: 'going', ruleId: null, done: [] };
export const OVER: Kept = { state: 'over', ruleId: null, done: [] };

interface Seen {
  ruleId: number;
  fresh: boolean;
  start: boolean;
  condition: boolean;
  action: boolean;
  tested: boolean;
  on: boolean;
}

/**
 * What is known after the builder has told how far a rule is. The first rule that was never turned on becomes the
 * tour's; a newer one takes its place until the first is on. A test stays done; a rule that is on has no step before.
 */
export function heard(kept: Kept, seen: Seen): Kept {
  const ours = kept.ruleId === seen.ruleId;
  if (!ours && (!seen.fresh || kept.done.includes('on'))) return kept;
  const tested = seen.tested || (ours && kept.done.includes('test'));
  const facts: Record<Step, boolean> = {
    make: true,
    start: seen.start,
    if: seen.condition,
    do: seen.action,
    test: tested,
    on: seen.on,
    run: ours && kept.done.includes('run'),
  };
  const last = STEPS.indexOf('on');
  const done = STEPS.filter((step, at) => facts[step] || (seen.on && at <= last));
  return ours && done.join() === kept.done.join() ? kept : { ...kept, ruleId: seen.ruleId, done };
}

/** The first step that is not done; null at the end. */
export function nextStep(done: readonly Step[]): Step | null {
  return STEPS.find((step) => !done.includes(step)) ?? null;
}
