// @vitest-environment node
import { expect, test } from 'vitest';
import { insertStep } from './edit';
import { open } from './graph';
import { ROOT, type Rule } from './rule';
import { setStartChange, slotForNew } from './start';

function opened(document: Parameters<typeof open>[0]): Rule {
  const rule = open(document);
  if (rule.kind !== 'rule') throw new Error('not a rule');
  return rule;
}

const START = { id: 't', kind: 'trigger', on: 'change', connection: 'crm', table: 'public.leads' };
const plain = opened({
  dialect: 1,
  name: 'Rule',
  nodes: [{ ...START, events: ['update'], columns: ['status'] }],
  edges: [],
});
const guarded = setStartChange(plain, {
  column: 'status',
  from: null,
  to: { kind: 'value', value: 'callback' },
});
const inGuard = (index: number) => ({ parent: 'c1', branch: 'yes' as const, index });

function withStep(rule: Rule, id: string): Rule {
  const node = { id, kind: 'action', do: 'notify', fields: {} };
  const made = insertStep(rule, slotForNew(rule, null), node);
  if (made.kind !== 'rule') throw new Error(made.reason);
  return made;
}

test('a new step stands at the end, or right after the start', () => {
  const rule = withStep(plain, 'a1');
  expect(slotForNew(rule, null)).toEqual({ parent: ROOT, branch: 'main', index: 1 });
  expect(slotForNew(rule, 't')).toEqual({ parent: ROOT, branch: 'main', index: 0 });
});

test('where the start says from and to, a new step belongs to that change', () => {
  const rule = withStep(guarded, 'a1');
  expect(slotForNew(guarded, null)).toEqual(inGuard(0));
  expect(slotForNew(guarded, 't')).toEqual(inGuard(0));
  expect(slotForNew(guarded, 'c1')).toEqual(inGuard(0));
  expect(slotForNew(rule, null)).toEqual(inGuard(1));
  expect(slotForNew(rule, 't')).toEqual(inGuard(0));
  expect(slotForNew(rule, 'c1')).toEqual(inGuard(0));
  expect(slotForNew(rule, 'a1')).toEqual(inGuard(1));
});

test('an If that is still empty takes the new step into its Yes', () => {
  const made = insertStep(plain, slotForNew(plain, null), { id: 'c9', kind: 'condition', logic: true });
  if (made.kind !== 'rule') throw new Error(made.reason);
  expect(slotForNew(made, 'c9')).toEqual({ parent: 'c9', branch: 'yes', index: 0 });
  expect(slotForNew(made, null)).toEqual({ parent: ROOT, branch: 'main', index: 1 });
});
