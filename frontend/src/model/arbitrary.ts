/** Random rules, conditions and logic for the property tests. */
import fc from 'fast-check';
import { arity, type Comparison, type Condition, guarded, OPS, type Op, type Term } from './condition';
import type { JSONValue } from './json';
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
  return fc.oneof(value, fc.constantFrom<Term>({ kind: 'field', path: 'after.score' }), moment);
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
