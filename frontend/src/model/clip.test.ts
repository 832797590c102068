import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rule as anyRule } from './arbitrary';
import { clipText, readClip } from './clip';
import { pasteSteps } from './edit';
import { open, write } from './graph';
import type { JSONObject, JSONValue } from './json';
import { renamed } from './rename';
import { type Refusal, ROOT, type Rule, type Step, stepIds } from './rule';

const action = (id: string, fields: JSONObject = {}): Step => ({
  kind: 'plain',
  node: { id, kind: 'action', do: 'notify', fields },
});
const empty: Rule = {
  kind: 'rule',
  head: { name: 'r' },
  trigger: { id: 't', kind: 'trigger', on: 'manual' },
  steps: [],
};
const first = { parent: ROOT, branch: 'main', index: 0 } as const;

test('what was copied is what is pasted, whatever the steps', () => {
  fc.assert(
    fc.property(anyRule, ({ steps }) => {
      const read = readClip(clipText(steps));
      expect(read).toEqual(
        steps.length > 0 ? { kind: 'steps', steps } : { kind: 'refusal', reason: 'no-steps' },
      );
    }),
  );
});

test('pasted steps have ids of their own, and the document stays a tree', () => {
  fc.assert(
    fc.property(anyRule, anyRule, (into, from) => {
      const made = pasteSteps(into, first, from.steps);
      if (made.kind !== 'rule') throw new Error(made.reason);
      const ids = stepIds(made);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBe(stepIds(into).length + stepIds(from).length - 1);
      expect(open(write(made))).toEqual(made);
    }),
  );
});

test('one step and a whole rule are understood, too', () => {
  const node = { id: 'w', kind: 'wait', amount: 1, unit: 'days' };
  expect(readClip(JSON.stringify(node))).toEqual({ kind: 'steps', steps: [{ kind: 'plain', node }] });
  const rule = { nodes: [{ id: 't', kind: 'trigger' }, node], edges: [['t', 'w']] };
  expect(readClip(JSON.stringify(rule))).toEqual({ kind: 'steps', steps: [{ kind: 'plain', node }] });
});

const steps = (...list: JSONValue[]): string => JSON.stringify({ ruleyard: 'steps', steps: list });
const node = { id: 'a', kind: 'action', do: 'notify' };
const split = { id: 'c', kind: 'condition', logic: true };
test.each([
  ['nothing', '  ', 'empty'],
  ['other text', 'Dear Anna', 'no-steps'],
  ['a list', '[1]', 'no-steps'],
  ['other JSON', '{"a": 1}', 'no-steps'],
  ['a start', '{"id": "t", "kind": "trigger"}', 'no-steps'],
  ['a rule without steps', '{"nodes": [{"id": "t", "kind": "trigger"}]}', 'no-steps'],
  ['a rule that is no tree', '{"nodes": [{"id": "t", "kind": "wait"}]}', 'broken'],
  ['steps that are no list', '{"ruleyard": "steps", "steps": 1}', 'no-steps'],
  ['a step that is none', steps(7), 'broken'],
  ['a step without a node', steps({ node: { id: 'a' } }), 'broken'],
  ['a start among the steps', steps({ node: { id: 't', kind: 'trigger' } }), 'broken'],
  ['an id that cannot be one', steps({ node: { ...node, id: 'a b' } }), 'broken'],
  ['an id twice', steps({ node }, { node }), 'broken'],
  ['an action of no kind', steps({ node: { id: 'a', kind: 'action' } }), 'broken'],
  ['an If without a condition', steps({ node: { id: 'c', kind: 'condition' } }), 'broken'],
  ['a side that is no list', steps({ node: split, yes: 1 }), 'broken'],
  ['a broken step inside a side', steps({ node: split, no: [7] }), 'broken'],
  ['far too long a text', 'x'.repeat(70_000), 'too-large'],
])('%s is refused', (_, text, reason) => {
  expect(readClip(text)).toEqual({ kind: 'refusal', reason });
});

test('the other side of an If may be missing', () => {
  expect(readClip(steps({ node: split }))).toEqual({
    kind: 'steps',
    steps: [{ kind: 'if', node: split, yes: [], no: [] }],
  });
});

test('what reads another pasted step reads its copy', () => {
  const made = pasteSteps({ ...empty, steps: [action('a1')] }, first, [
    action('a1'),
    action('a2', { title: { cat: ['Task ', { var: 'steps.a1.output.key' }] } }),
  ]);
  if (made.kind !== 'rule') throw new Error(made.reason);
  const [, second] = made.steps;
  expect(second?.node).toMatchObject({
    fields: { title: { cat: ['Task ', { var: 'steps.a2.output.key' }] } },
  });
});

const names = new Map([['a1', 'b7']]);
test.each<[string, JSONValue, JSONValue]>([
  ['a path', { var: 'steps.a1.output.x' }, { var: 'steps.b7.output.x' }],
  [
    'with what stands in',
    { var: ['steps.a1.state', { var: 'steps.a1.x' }] },
    { var: ['steps.b7.state', { var: 'steps.b7.x' }] },
  ],
  ['a step that stays', { var: 'steps.a2.output' }, { var: 'steps.a2.output' }],
  ['another name', { var: 'after.a1' }, { var: 'after.a1' }],
  [
    'a path that is made',
    { var: { cat: ['steps.', { var: 'steps.a1.state' }] } },
    { var: { cat: ['steps.', { var: 'steps.b7.state' }] } },
  ],
  [
    'what is missing',
    { missing: ['steps.a1.output', 'after.x'] },
    { missing: ['steps.b7.output', 'after.x'] },
  ],
  [
    'what is missing of some',
    { missing_some: [1, ['steps.a1.output']] },
    { missing_some: [1, ['steps.b7.output']] },
  ],
  ['a literal', { preserve: { var: 'steps.a1' } }, { preserve: { var: 'steps.a1' } }],
  [
    'an object of several keys',
    { var: 'steps.a1', x: [{ var: 'steps.a1' }] },
    { var: 'steps.a1', x: [{ var: 'steps.b7' }] },
  ],
  ['text', 'steps.a1', 'steps.a1'],
])('%s follows a renamed step', (_, value, wanted) => {
  expect(renamed(value, names)).toEqual(wanted);
});

test('nothing is pasted behind a stop, and no stop before something', () => {
  const stop: Step = { kind: 'plain', node: { id: 'e', kind: 'end' } };
  const refused: Refusal = { kind: 'refusal', reason: 'after-the-end' };
  expect(pasteSteps({ ...empty, steps: [action('a')] }, first, [stop])).toEqual(refused);
  expect(pasteSteps(empty, first, [stop, action('a')])).toEqual(refused);
  expect(pasteSteps({ ...empty, steps: [stop] }, { ...first, index: 1 }, [action('a')])).toEqual(refused);
  expect(pasteSteps(empty, first, [action('a'), stop]).kind).toBe('rule');
});
