/** A long or deep rule in words, as an indented outline: one line per step, in reading order. */
import { type Branch, countSteps, type Rule, type RuleNode, type Step } from './rule';
import { effective } from './sentence';
import { stepWords, toneOf } from './stepWords';
import { DONE, sidesOf } from './ways';
import type { Tone, Words } from './wording';

/** A longer rule, or one with deeper branches, is no readable sentence. */
const SENTENCE_STEPS = 25;
const SENTENCE_DEPTH = 2;

export type Line = {
  readonly step: string;
  readonly tone: Tone;
  readonly text: string;
  /** Branches around it. */
  readonly depth: number;
  readonly lead: 'start' | 'if' | 'choose' | 'step';
  /** The side that begins with this line, and whose it is. */
  readonly side: Branch | null;
  readonly of: RuleNode | null;
};

/** Branches inside branches: 0 for a rule without an If. */
export function depthOf(steps: readonly Step[]): number {
  return steps.reduce(
    (deepest, step) => Math.max(deepest, ...sidesOf(step).map((side) => 1 + depthOf(side.steps))),
    0,
  );
}

/** Of the rule as it acts, as the sentence would tell it. */
export function isLong(whole: Rule, words: Words): boolean {
  const { rule } = effective(whole, words);
  return countSteps(rule.steps) > SENTENCE_STEPS || depthOf(rule.steps) > SENTENCE_DEPTH;
}

/** The rule as it acts, at most `most` lines; `left` says how many steps have no line. */
export function outline(
  whole: Rule,
  words: Words,
  most = Number.POSITIVE_INFINITY,
): { lines: Line[]; left: number } {
  const { start, rule } = effective(whole, words);
  const lines: Line[] = [
    { step: rule.trigger.id, tone: 'when', text: start, depth: 0, lead: 'start', side: null, of: null },
  ];
  const say = (steps: readonly Step[], depth: number, side: Branch | null, of: RuleNode | null): void => {
    for (const [index, step] of steps.entries()) {
      if (lines.length >= most) return;
      const { node } = step;
      const lead = step.kind === 'if' ? 'if' : node.kind === 'choose' ? 'choose' : 'step';
      const begins = index === 0 ? side : null;
      lines.push({
        step: node.id,
        tone: toneOf(node),
        text: stepWords(node, words),
        depth,
        lead,
        side: begins,
        of: begins === null ? null : of,
      });
      // What is done when an action worked is simply what comes next.
      for (const way of sidesOf(step))
        if (way.branch === DONE) say(way.steps, depth, null, null);
        else say(way.steps, depth + 1, way.branch, node);
    }
  };
  say(rule.steps, 0, null, null);
  return { lines, left: countSteps(rule.steps) + 1 - lines.length };
}
