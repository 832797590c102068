/** The browser's evaluator, as the lamps and previews ask it. */

import { evaluate } from '../logic';
import type { JSONValue } from '../model/json';

export type Evaluated =
  | { readonly kind: 'value'; readonly value: JSONValue; readonly truthy: boolean }
  | { readonly kind: 'error'; readonly reason: string; readonly message: string };

const isTrue = (value: JSONValue): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

export function evaluateLogic(logic: JSONValue, data: JSONValue): Evaluated {
  const outcome = evaluate(logic, data);
  return outcome.ok
    ? { kind: 'value', value: outcome.value, truthy: isTrue(outcome.value) }
    : { kind: 'error', reason: outcome.reason, message: outcome.message };
}
