/** How long one step waits, and how often it is tried. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limitOf, MOST, usualLimit, withLimit } from './limits';
import type { RuleNode } from './rule';

const step = (kind: string): RuleNode => ({ id: 'a', kind: 'action', do: kind, fields: {} });

test('a limit comes and goes, and leaves the rest as it is', () => {
  const limited = withLimit(step('call_webhook'), 'timeout', 3);
  expect(limited).toEqual({ ...step('call_webhook'), timeout: 3 });
  expect(limitOf(limited, 'timeout')).toBe(3);
  expect(limitOf(limited, 'tries')).toBeNull();
  expect(withLimit(limited, 'timeout', null)).toEqual(step('call_webhook'));
});

test('what is usual is what the server says', () => {
  const path = join(import.meta.dirname, '../../../shared-schemas/operators.json');
  const { actions } = JSON.parse(readFileSync(path, 'utf8'));
  for (const { name, timeout } of actions)
    expect([name, usualLimit(step(name), 'timeout', {})]).toEqual([name, timeout ?? null]);
  const schema = join(import.meta.dirname, '../../../shared-schemas/rule.schema.json');
  const { timeout, tries } = JSON.parse(readFileSync(schema, 'utf8')).$defs.Action.properties;
  expect(MOST).toEqual({ timeout: timeout.maximum, tries: tries.maximum });
});

test('a rule that stops at a failure tries once', () => {
  expect(usualLimit(step('notify'), 'tries', {})).toBe(5);
  expect(usualLimit(step('notify'), 'tries', { on_error: 'stop' })).toBe(1);
});
