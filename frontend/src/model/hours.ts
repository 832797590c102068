/** The hours that a rule keeps, as its policy says them. Pure. */
import { isObject, type JSONObject, textAt, textsAt } from './json';

export const OUTSIDE = ['wait', 'skip', 'run'] as const;
export type Outside = (typeof OUTSIDE)[number];

export type Hours =
  | { readonly kind: 'calendar'; readonly calendar: string; readonly outside: Outside }
  | {
      readonly kind: 'own';
      readonly zone: string;
      readonly days: readonly string[];
      readonly between: readonly [string, string] | null;
      readonly outside: Outside;
    };
export type Kept = { readonly kind: 'any' } | Hours;

export const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;

/** What the policy of a rule's head says. */
export function keptHours(head: JSONObject): Kept {
  const policy = head['policy'];
  const hours = isObject(policy) ? policy['hours'] : undefined;
  return isObject(hours) ? hoursOf(hours) : { kind: 'any' };
}

/** What one value of it says. */
export function hoursOf(hours: JSONObject): Hours {
  const outside = OUTSIDE.find((one) => one === hours['outside']) ?? 'wait';
  if (typeof hours['calendar'] === 'string')
    return { kind: 'calendar', calendar: hours['calendar'], outside };
  const [from, to] = textsAt(hours, 'between');
  const days = textsAt(hours, 'days');
  return {
    kind: 'own',
    zone: textAt(hours, 'zone') || 'UTC',
    days: days.length === 0 ? WORKDAYS : days,
    between: from === undefined || to === undefined ? null : [from, to],
    outside,
  };
}

/** As the policy has it: nothing where it runs at any time. */
export function hoursValue(kept: Kept): JSONObject | undefined {
  if (kept.kind === 'any') return undefined;
  const outside: JSONObject = kept.outside === 'wait' ? {} : { outside: kept.outside };
  if (kept.kind === 'calendar') return { calendar: kept.calendar, ...outside };
  const between: JSONObject = kept.between === null ? {} : { between: [...kept.between] };
  return { zone: kept.zone, days: [...kept.days], ...between, ...outside };
}

/** Do runs keep to them, or are only working days counted by them? */
export function keepsRuns(kept: Kept): boolean {
  return kept.kind !== 'any' && kept.outside !== 'run';
}
