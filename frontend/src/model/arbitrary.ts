/** Random rules, conditions and logic for the property tests. */
import fc from 'fast-check';
import {
  arity,
  type Comparison,
  type Condition,
  guarded,
  OPS,
  type Op,
  type Term,
  toLogic,
} from './condition';
import { doorsOf } from './free';
import type { Free, FreeEdge } from './graph';
import type { JSONObject, JSONValue } from './json';
import type { Rule, RuleNode, Step } from './rule';

const scalar: fc.Arbitrary<JSONValue> = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
  fc.boolean(),
  fc.constantFrom('콜백', 'заявка', '12345678901234567890', '007'),
);
const path = fc.constantFrom(
  'after.status',
  'after.budget',
  'before.status',
  'after.имя',
  'after.상태',
  'steps.a1.output.id',
  'today:weekday:Asia/Seoul',
  'today:time:America/Argentina/Ushuaia',
);

function termFor(op: Op): fc.Arbitrary<Term> {
  const value = scalar.filter((v) => v !== '').map((v): Term => ({ kind: 'value', value: v }));
  if (op === 'oneOf' || op === 'notOneOf') {
    return fc.array(scalar, { minLength: 1, maxLength: 4 }).map((v): Term => ({ kind: 'value', value: v }));
  }
  const moment = fc
    .record({
      amount: fc.integer({ min: -90, max: 90 }),
      unit: fc.constantFrom('days' as const, 'hours' as const),
    })
    .map((m): Term => ({ kind: 'moment', ...m }));
  return fc.oneof(
    value,
    fc.constantFrom<Term>(
      { kind: 'field', path: 'after.score' },
      { kind: 'field', path: 'today:date:Asia/Seoul' },
    ),
    moment,
  );
}

export const comparison: fc.Arbitrary<Comparison> = fc.constantFrom(...OPS).chain((op) => {
  const field = op.startsWith('changed') ? path.filter((p) => p.startsWith('after.')) : path;
  const count =
    op === 'between' || op === 'changedFromTo' ? fc.constant(2) : fc.integer({ min: 0, max: arity(op) });
  return fc
    .tuple(field, count, fc.boolean())
    .chain(([chosen, n, guards]) =>
      fc
        .array(termFor(op), { minLength: n, maxLength: n })
        .map((args) => guarded({ kind: 'comparison', field: chosen, op, args, guards: [] }, () => guards)),
    );
});

export const condition: fc.Arbitrary<Condition> = fc.letrec<{ node: Condition; group: Condition }>((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, comparison, tie('group')),
  group: fc.record({
    kind: fc.constant('group' as const),
    mode: fc.constantFrom('all' as const, 'any' as const, 'none' as const, 'notall' as const),
    items: fc.array(tie('node'), { maxLength: 4 }),
  }),
})).node;

const operators = [
  '===',
  '!==',
  '==',
  '<',
  '<=',
  '>',
  'in',
  'and',
  'or',
  '!',
  '!!',
  'if',
  'var',
  'cat',
  '+',
  'is_empty',
  'starts_with',
  'date_add',
  'some',
];
/** Any JSON that may be meant as logic, sensible or not. */
export const logic: fc.Arbitrary<JSONValue> = fc.letrec<{ any: JSONValue }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JSONValue>(
      { var: 'after.status' },
      { var: 'before.status' },
      { var: 'after.budget' },
      { date_part: [{ var: 'now' }, 'weekday', 'Asia/Seoul'] },
      { date_part: [{ var: 'now' }, 'hour', 'Asia/Seoul'] },
      { date_part: [{ var: 'now' }, 'date'] },
      3,
      'new',
      null,
      true,
    ),
    scalar,
    fc
      .tuple(fc.constantFrom(...operators), fc.array(tie('any'), { maxLength: 3 }))
      .map(([op, args]) => ({ [op]: args })),
    fc.array(tie('any'), { maxLength: 3 }),
  ),
})).any;

type Shape =
  | { readonly kind: 'plain' }
  | { readonly kind: 'if'; readonly yes: readonly Shape[]; readonly no: readonly Shape[] };
const shape: fc.Arbitrary<Shape> = fc.letrec<{ step: Shape }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small' },
    fc.constant({ kind: 'plain' } as const),
    fc.record({
      kind: fc.constant('if' as const),
      yes: fc.array(tie('step'), { maxLength: 3 }),
      no: fc.array(tie('step'), { maxLength: 3 }),
    }),
  ),
})).step;

export const rule: fc.Arbitrary<Rule> = fc.array(shape, { maxLength: 5 }).map((shapes) => {
  let count = 0;
  const node = (kind: string): RuleNode => {
    count += 1;
    return { id: `s${count}`, kind };
  };
  const step = (one: Shape): Step =>
    one.kind === 'if'
      ? {
          kind: 'if',
          node: { ...node('condition'), logic: true },
          yes: one.yes.map(step),
          no: one.no.map(step),
        }
      : { kind: 'plain', node: { ...node('action'), do: 'notify', fields: {} } };
  const trigger: RuleNode = { id: 't', kind: 'trigger', on: 'manual' };
  return { kind: 'rule', head: { dialect: 1, name: 'Random' }, trigger, steps: shapes.map(step) };
});

const plainNode: fc.Arbitrary<JSONObject> = fc.oneof(
  fc.constantFrom<JSONObject>(
    { kind: 'action', do: 'send_email', fields: { to: { var: 'after.email' }, subject: 'Hello', body: 'x' } },
    { kind: 'action', do: 'send_email', fields: {} },
    {
      kind: 'action',
      do: 'notify',
      fields: { to: 'admin', title: { cat: ['Call ', { var: 'after.name' }] } },
    },
    {
      kind: 'action',
      do: 'update_record',
      fields: { set: { owner: 'senior', score: { var: 'before.score' } } },
    },
    { kind: 'action', do: 'create_record', fields: { table: 'public.tasks', set: { done: false } } },
    { kind: 'action', do: 'create_record', fields: {} },
    { kind: 'action', do: 'call_webhook', fields: { url: 'https://example.org/hook' } },
    { kind: 'action', do: 'made_up', fields: {} },
    { kind: 'wait', amount: 2, unit: 'hours' },
    { kind: 'wait' },
  ),
);

const triggerNode: fc.Arbitrary<JSONObject> = fc.oneof(
  fc.record<JSONObject>({
    on: fc.constant('change'),
    table: fc.constantFrom('public.leads', ''),
    events: fc.subarray(['insert', 'update', 'delete']),
    columns: fc.subarray(['status', 'budget']),
  }),
  fc.constantFrom<JSONObject>(
    { on: 'manual' },
    { on: 'webhook' },
    { on: 'schedule', schedule: { repeat: 'week', at: '09:00', days: ['mon', 'fri'], zone: 'UTC' } },
    { on: 'schedule', schedule: { repeat: 'minutes', every: 5 } },
    { on: 'schedule' },
  ),
);

/** A random rule whose steps say something, or are half filled in. */
export const filledRule: fc.Arbitrary<Rule> = fc
  .tuple(rule, triggerNode, fc.infiniteStream(plainNode), fc.infiniteStream(condition))
  .map(([bare, start, nodes, conditions]) => {
    const fill = (step: Step): Step =>
      step.kind === 'if'
        ? {
            kind: 'if',
            node: { ...step.node, logic: toLogic(conditions.next().value) },
            yes: step.yes.map(fill),
            no: step.no.map(fill),
          }
        : { kind: 'plain', node: { kind: 'action', ...nodes.next().value, id: step.node.id } };
    return { ...bare, trigger: { ...start, id: 't', kind: 'trigger' }, steps: bare.steps.map(fill) };
  });

/** A graph to edit by its ways, tree or not. */
export function asFree(nodes: readonly RuleNode[], edges: readonly FreeEdge[]): Free {
  const written = edges.map(
    ({ source, target, branch }): JSONValue => (branch ? [source, target, branch] : [source, target]),
  );
  const document = { dialect: 1, name: 'Free', more: 'kept', nodes: [...nodes], edges: written };
  return { kind: 'free', document, nodes, edges, why: 'crossing' };
}

export const start: RuleNode = { id: 't', kind: 'trigger', on: 'manual' };
export const nodeFrom = (kind: string, id: string): RuleNode =>
  kind === 'condition'
    ? { id, kind, logic: true }
    : kind === 'action'
      ? { id, kind, do: 'notify', fields: { title: { var: `steps.${id}.state` } } }
      : { id, kind };

/** Any graph without a circle: ways lead to later steps only, wherever they like. */
export const free: fc.Arbitrary<Free> = fc
  .array(fc.constantFrom('condition', 'action', 'wait', 'end'), { minLength: 1, maxLength: 9 })
  .chain((kinds) => {
    const nodes = [start, ...kinds.map((kind, at) => nodeFrom(kind, `n${at + 1}`))];
    const doors = nodes.flatMap((node, at) => doorsOf(node).map((door) => ({ door, at })));
    return fc
      .tuple(...doors.map(({ at }) => fc.option(fc.integer({ min: at + 1, max: nodes.length }))))
      .map((targets) =>
        asFree(
          nodes,
          doors.flatMap(({ door, at: _at }, index): FreeEdge[] => {
            const target = nodes[targets[index] ?? nodes.length];
            return target ? [{ source: door.id, target: target.id, branch: door.branch }] : [];
          }),
        ),
      );
  });
