/** The small words on painted cards: when, which branch, how long. No badge where there is nothing to say. */

import type { Painting, TraceStep } from '../model/paint';
import type { Badge } from './board';

export type TimedStep = TraceStep & {
  readonly kind: string;
  readonly started_at?: string | null | undefined;
  readonly finished_at?: string | null | undefined;
  readonly until?: string | null | undefined;
  readonly error?: { readonly code: string } | null | undefined;
};

/** Was the step switched off, so that the run passed it over? */
export function isPassedOver(step: TimedStep): boolean {
  return step.state === 'skipped' && step.error?.code === 'switched-off';
}

/** Did the step fail, and the run go on by the path for that? */
export function isHandled(step: TimedStep): boolean {
  return step.state === 'failed' && step.branch === 'failed';
}

export type BadgeWords = {
  readonly say: (key: string, values?: Record<string, unknown>) => string;
  readonly time: (instant: string) => string;
  /** When a wait ends, which may be days away. */
  readonly until: (instant: string) => string;
  readonly duration: (ms: number) => string;
  /** What a branch of a step is called. */
  readonly branch: (node: string, branch: string) => string;
  /** A test has no times of its own. */
  readonly timed: boolean;
};

function badgeOf(step: TimedStep, words: BadgeWords): Badge | null {
  const { say } = words;
  switch (step.state) {
    case 'failed':
      if (step.branch) return { text: say('ways.failed.badge'), tone: 'busy' };
      return { text: say('builder.badge.failed'), tone: 'bad' };
    case 'waiting':
      return {
        text: step.until
          ? say('builder.badge.waitingUntil', { time: words.until(step.until) })
          : say('builder.badge.waiting'),
        tone: 'busy',
      };
    case 'running':
      return { text: say('builder.badge.running'), tone: 'busy' };
    case 'skipped':
      return { text: say(isPassedOver(step) ? 'steps.passedOver' : 'builder.badge.skipped'), tone: 'still' };
    case 'succeeded':
      break;
  }
  if (step.branch) return { text: words.branch(step.node, step.branch), tone: 'good' };
  if (!words.timed || !step.started_at) return null;
  if (step.kind === 'trigger') return { text: words.time(step.started_at), tone: 'good' };
  if (step.kind !== 'action' && step.kind !== 'wait') return null;
  if (!step.finished_at) return null;
  return { text: words.duration(Date.parse(step.finished_at) - Date.parse(step.started_at)), tone: 'good' };
}

export function badgesOf(
  steps: readonly TimedStep[],
  painting: Painting,
  words: BadgeWords,
): ReadonlyMap<string, Badge> {
  const badges = new Map<string, Badge>();
  for (const step of steps) {
    const badge = badgeOf(step, words);
    if (badge) badges.set(step.node, badge);
  }
  for (const [id, paint] of painting.steps) {
    if (paint === 'missed') badges.set(id, { text: words.say('builder.badge.missed'), tone: 'still' });
  }
  return badges;
}
