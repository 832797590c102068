/** How long a step waits for the other side, and how often it is tried, where it says so itself. Pure. */
import { type JSONObject, textAt } from './json';
import type { RuleNode } from './rule';

export type Limit = 'timeout' | 'tries';

/** Seconds and tries. Source: docs/rule-format.md. */
export const MOST: Readonly<Record<Limit, number>> = { timeout: 18, tries: 10 };

/** Seconds after which an action gives the other side up by itself. Source: shared-schemas/operators.json. */
const WAITS: Readonly<Record<string, number>> = {
  send_email: 18,
  send_sms: 10,
  call_webhook: 10,
  http_request: 10,
};
const TRIES = 5;

/** What goes where the step says nothing; null where there is no such limit. */
export function usualLimit(node: RuleNode, limit: Limit, policy: JSONObject): number | null {
  if (limit === 'tries') return policy['on_error'] === 'stop' ? 1 : TRIES;
  return WAITS[textAt(node, 'do')] ?? null;
}

/** What the step says itself; null where it says nothing. */
export function limitOf(node: RuleNode, limit: Limit): number | null {
  const said = node[limit];
  return typeof said === 'number' ? said : null;
}

export function withLimit(node: RuleNode, limit: Limit, value: number | null): RuleNode {
  const { [limit]: _old, ...rest } = node;
  const { id, kind } = node;
  return value === null ? { ...rest, id, kind } : { ...rest, id, kind, [limit]: value };
}
