/** How often a rule may run for one record: every time, once, or once a day, as the document says it. Pure. */
import { setPolicy } from './edit';
import type { Kept } from './hours';
import { type JSONObject, objectAt } from './json';
import type { Rule, RuleNode } from './rule';

export const ONCE = ['record', 'day'] as const;
export type Once = (typeof ONCE)[number];

/** Null where it runs every time. */
export function onceOf(policy: JSONObject): Once | null {
  return ONCE.find((one) => one === policy['once']) ?? null;
}

/** Does it start for a record that can come again: one that changed, whose date came, or that a schedule visits? */
export function startsForRecords(trigger: RuleNode): boolean {
  const on = trigger['on'];
  return on === 'change' || on === 'date' || (on === 'schedule' && trigger['table'] !== undefined);
}

/** The rule with another start; what is said of each record goes where the start has none. */
export function withStart(rule: Rule, trigger: RuleNode): Rule {
  const next = { ...rule, trigger };
  const said = objectAt(rule.head, 'policy')['once'] !== undefined;
  return said && !startsForRecords(trigger) ? setPolicy(next, 'once', undefined) : next;
}

type Calendar = { readonly name: string; readonly zone: string; readonly default: boolean };

/** Whose day a day is: the zone of the rule's hours, else of the workspace's calendar, else UTC. */
export function zoneOfDay(kept: Kept, calendars: readonly Calendar[]): string {
  if (kept.kind === 'own') return kept.zone;
  const own = kept.kind === 'calendar' && calendars.find((one) => one.name === kept.calendar);
  return (own || calendars.find((one) => one.default))?.zone ?? 'UTC';
}
