/** When runs of a rule begin: its pace, its quiet, its lists, as the document says them. Pure. */
import { isObject, type JSONObject, type JSONValue } from './json';
import type { Rule } from './rule';

export const SPANS = ['seconds', 'minutes', 'hours'] as const;
export type SpanUnit = (typeof SPANS)[number];
export const WINDOWS = ['minute', 'hour'] as const;
export type Per = (typeof WINDOWS)[number];
export type TimingKey = 'pace' | 'settle' | 'batch';

export const MOST_PACE = 10_000;
export const MOST_BATCH = 500;
const SECONDS: Readonly<Record<SpanUnit, number>> = { seconds: 1, minutes: 60, hours: 3600 };
const DAY = 86_400;

export type Span = { readonly amount: number; readonly unit: SpanUnit };
export type Pace = { readonly atMost: number; readonly per: Per };
export type Batch = { readonly atMost: number; readonly within: Span };
export type Timing = {
  readonly pace: Pace | null;
  readonly settle: Span | null;
  readonly batch: Batch | null;
};

/** What stands there when somebody switches it on. */
export const FIRST: Readonly<Record<TimingKey, JSONObject>> = {
  pace: { at_most: 10, per: 'minute' },
  settle: { amount: 30, unit: 'seconds' },
  batch: { at_most: 50, within: { amount: 10, unit: 'minutes' } },
};

/** The most of a unit that a day holds. */
export function mostOf(unit: SpanUnit): number {
  return DAY / SECONDS[unit];
}

/** What the policy of a document asks for; numbers that make no sense are 0. */
export function timingOf(policy: JSONObject): Timing {
  const { pace, settle, batch } = policy;
  return {
    pace: isObject(pace)
      ? { atMost: numberOf(pace['at_most']), per: pace['per'] === 'hour' ? 'hour' : 'minute' }
      : null,
    settle: isObject(settle) ? spanOf(settle) : null,
    batch: isObject(batch)
      ? {
          atMost: numberOf(batch['at_most']),
          within: spanOf(isObject(batch['within']) ? batch['within'] : {}),
        }
      : null,
  };
}

function spanOf(value: JSONObject): Span {
  return { amount: numberOf(value['amount']), unit: SPANS.find((one) => one === value['unit']) ?? 'seconds' };
}

function numberOf(value: JSONValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** How many minutes or hours so many runs take at a pace, from the first to the last; null where it makes no sense. */
export function takes(pace: Pace, runs: number): number | null {
  return pace.atMost < 1 ? null : Math.ceil(runs / pace.atMost);
}

/** The rule with one part of its timing set, or without it (null). */
export function setTiming(rule: Rule, key: TimingKey, value: JSONObject | null): Rule {
  const { [key]: _, ...others } = isObject(rule.head['policy']) ? rule.head['policy'] : {};
  return { ...rule, head: { ...rule.head, policy: value === null ? others : { ...others, [key]: value } } };
}
