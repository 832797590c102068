/** Small rules with ways, for tests. */
import { start } from './arbitrary';
import type { addFailed } from './edit';
import { open } from './graph';
import type { JSONObject, JSONValue } from './json';
import type { Rule, RuleNode, Step } from './rule';

export const x: RuleNode = {
  id: 'x',
  kind: 'choose',
  ways: [
    { key: 'big', name: 'Big', logic: { '>': [{ var: 'after.a' }, 9] } },
    { key: 'mid', logic: true },
  ],
};
export const a = (id: string): RuleNode => ({ id, kind: 'action', do: 'notify', fields: { title: id } });
export const plain = (id: string): Step => ({ kind: 'plain', node: a(id) });
export const of = (...steps: Step[]): Rule => ({ kind: 'rule', head: {}, trigger: start, steps });
export const doc = (nodes: readonly RuleNode[], edges: readonly JSONValue[]): JSONObject => ({
  nodes: [start, ...nodes],
  edges: [...edges],
});
export const rule = (document: JSONObject): Rule => {
  const opened = open(document);
  if (opened.kind !== 'rule') throw new Error(opened.why);
  return opened;
};
export const done = (edited: ReturnType<typeof addFailed>): Rule => {
  if (edited.kind === 'refusal') throw new Error(edited.reason);
  return edited;
};

export const WORDS = {
  phrase: (key: string) => key,
  field: (path: string) => path,
  value: String,
  record: (table: string) => table,
  table: (table: string) => table,
  duration: (amount: number) => String(amount),
  list: (items: readonly string[]) => items.join(),
  schedule: () => '',
  hours: () => '',
};
