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
import { type Free, type FreeEdge, open, write } from './graph';
import type { JSONObject, JSONValue } from './json';
import type { Rule, RuleNode, Step } from './rule';
import {
  actionStep,
  besidesOf,
  branchesOf,
  chooseStep,
  DONE,
  EACH,
  FAILED,
  failedStep,
  waysIn,
  withSides,
} from './ways';

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
  | { readonly kind: 'if'; readonly yes: readonly Shape[]; readonly no: readonly Shape[] }
  | { readonly kind: 'choose'; readonly ways: readonly (readonly Shape[])[] }
  | { readonly kind: 'each'; readonly body: readonly Shape[] }
  | { readonly kind: 'failed'; readonly failed: readonly Shape[]; readonly done: readonly Shape[] | null }
  | {
      readonly kind: 'ask';
      readonly paths: readonly (readonly Shape[])[];
      readonly done: readonly Shape[] | null;
    };
const shape: fc.Arbitrary<Shape> = fc.letrec<{ step: Shape }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small' },
    fc.constant({ kind: 'plain' } as const),
    fc.record({
      kind: fc.constant('if' as const),
      yes: fc.array(tie('step'), { maxLength: 3 }),
      no: fc.array(tie('step'), { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('choose' as const),
      ways: fc.array(fc.array(tie('step'), { maxLength: 2 }), { minLength: 2, maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant('each' as const),
      body: fc.array(tie('step'), { maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant('failed' as const),
      failed: fc.array(tie('step'), { maxLength: 2 }),
      done: fc.option(fc.array(tie('step'), { maxLength: 2 })),
    }),
    fc.record({
      kind: fc.constant('ask' as const),
      paths: fc.array(fc.array(tie('step'), { maxLength: 2 }), { maxLength: 3 }),
      done: fc.option(fc.array(tie('step'), { maxLength: 2 })),
    }),
  ),
})).step;

/** As it is drawn in the builder: a failed path may be empty, or join again where nothing follows. */
export const drawnRule: fc.Arbitrary<Rule> = fc.array(shape, { maxLength: 5 }).map((shapes) => {
  let count = 0;
  const node = (kind: string): RuleNode => {
    count += 1;
    return { id: `s${count}`, kind };
  };
  const action = (): RuleNode => ({ ...node('action'), do: 'notify', fields: {} });
  const step = (one: Shape): Step => {
    switch (one.kind) {
      case 'plain':
        return { kind: 'plain', node: action() };
      case 'if':
        return {
          kind: 'if',
          node: { ...node('condition'), logic: true },
          yes: one.yes.map(step),
          no: one.no.map(step),
        };
      case 'choose': {
        const keys = one.ways.slice(1).map((_, index) => `w${index}`);
        const ways = keys.map((key) => ({ key, logic: true }));
        const made = chooseStep({ ...node('choose'), ways });
        return {
          ...made,
          ways: made.ways.map((way, index) => ({ ...way, steps: (one.ways[index] ?? []).map(step) })),
        };
      }
      case 'each':
        return actionStep({ ...node('for_each'), over: { var: 'after.names' } }, [
          { branch: EACH, steps: one.body.map(step) },
        ]);
      case 'failed': {
        const failed = { branch: FAILED, steps: one.failed.map(step) };
        if (one.done === null) return failedStep(action(), failed.steps);
        const done = { branch: DONE, steps: one.done.map(step) };
        return { kind: 'split', node: action(), ways: [failed, done], stops: false };
      }
      case 'ask': {
        const asking = { ...action(), do: 'ask_approval' };
        const ways = besidesOf(asking).flatMap((branch, index) => {
          const path = one.paths[index];
          return path && path.length > 0 ? [{ branch, steps: path.map(step) }] : [];
        });
        if (one.done === null || ways.length === 0) return actionStep(asking, ways);
        return actionStep(asking, [...ways, { branch: DONE, steps: one.done.map(step) }], false);
      }
    }
  };
  const trigger: RuleNode = { id: 't', kind: 'trigger', on: 'manual' };
  return { kind: 'rule', head: { dialect: 1, name: 'Random' }, trigger, steps: shapes.map(step) };
});

/** As a document tells it: what its edges cannot tell apart is drawn in one way. */
export const rule: fc.Arbitrary<Rule> = drawnRule.map((drawn) => {
  const opened = open(write(drawn));
  return opened.kind === 'rule' ? opened : { ...drawn, steps: [] };
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
    {
      kind: 'action',
      do: 'find_record',
      fields: { table: 'public.tasks', where: { '===': [{ var: 'record.city' }, { var: 'after.city' }] } },
    },
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
    const said = (node: RuleNode): RuleNode => {
      if (node.kind === 'condition') return { ...node, logic: toLogic(conditions.next().value) };
      if (node['do'] === 'ask_approval')
        return { ...node, fields: { to: 'admin', question: { cat: ['Ok ', { var: 'after.name' }] } } };
      if (node.kind === 'for_each') return node;
      if (node.kind !== 'choose') return { kind: 'action', ...nodes.next().value, id: node.id };
      const ways = waysIn(node).map(({ key }) => ({ key, logic: toLogic(conditions.next().value) }));
      return { ...node, ways };
    };
    const fill = (step: Step): Step => {
      const node = said(step.node);
      // A step that waits does not fail.
      if (step.kind === 'split' && node.kind === 'wait') return { kind: 'plain', node };
      return withSides({ ...step, node }, (side) => side.steps.map(fill));
    };
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
      : kind === 'choose'
        ? {
            id,
            kind,
            ways: [
              { key: 'a', logic: true },
              { key: 'b', name: 'B', logic: true },
            ],
          }
        : { id, kind };

/** Any graph without a circle: ways lead to later steps only, wherever they like. */
export const free: fc.Arbitrary<Free> = fc
  .array(fc.constantFrom('condition', 'choose', 'action', 'wait', 'end'), { minLength: 1, maxLength: 9 })
  .chain((kinds) => {
    const nodes = [start, ...kinds.map((kind, at) => nodeFrom(kind, `n${at + 1}`))];
    const doors = nodes.flatMap((node, at) =>
      branchesOf(node).map((branch) => ({ door: { id: node.id, branch }, at })),
    );
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
