import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rule as anyRule, asFree, drawnRule, start } from './arbitrary';
import { actionsBefore, wentBefore } from './before';
import { changesByStep } from './changes';
import { clipText, readClip } from './clip';
import { changesBetween } from './differ';
import { addFailed, insertStep, removeFailed, removeStep, setStops, updateStep } from './edit';
import { doorsIn, insertAt, neighbour, redirect, removeFrom, withNode } from './free';
import { type Free, leadingFrom, open, write } from './graph';
import { type JSONObject, type JSONValue, listAt } from './json';
import { layoutFree } from './layeredLayout';
import { outline } from './outline';
import { readErrorPath } from './outputs';
import { paint } from './paint';
import { logicsOf } from './places';
import { inReadingOrder, problemsByStep, unfilledProblems } from './problems';
import { placeOf, type Rule, type RuleNode, type Step, sequenceAt, shapeOf, stepIds } from './rule';
import { plain as plainText, sentence } from './sentence';
import { layoutTree } from './treeLayout';
import {
  addWay,
  branchesOf,
  chooseStep,
  DONE,
  FAILED,
  moveWay,
  OTHERWISE,
  removeWay,
  renameWay,
  setWayLogic,
  sidesOf,
  stepFrom,
  waysIn,
  withSides,
} from './ways';

const x: RuleNode = {
  id: 'x',
  kind: 'choose',
  ways: [
    { key: 'big', name: 'Big', logic: { '>': [{ var: 'after.a' }, 9] } },
    { key: 'mid', logic: true },
  ],
};
const a = (id: string): RuleNode => ({ id, kind: 'action', do: 'notify', fields: { title: id } });
const plain = (id: string): Step => ({ kind: 'plain', node: a(id) });
const of = (...steps: Step[]): Rule => ({ kind: 'rule', head: {}, trigger: start, steps });
const doc = (nodes: readonly RuleNode[], edges: readonly JSONValue[]): JSONObject => ({
  nodes: [start, ...nodes],
  edges: [...edges],
});
const rule = (document: JSONObject): Rule => {
  const opened = open(document);
  if (opened.kind !== 'rule') throw new Error(opened.why);
  return opened;
};
const done = (edited: ReturnType<typeof addFailed>): Rule => {
  if (edited.kind === 'refusal') throw new Error(edited.reason);
  return edited;
};

const WORDS = {
  phrase: (key: string) => key,
  field: (path: string) => path,
  value: String,
  record: (table: string) => table,
  table: (table: string) => table,
  duration: (amount: number) => String(amount),
  list: (items: readonly string[]) => items.join(),
  schedule: () => '',
};

describe('ways of a choose', () => {
  test('have a key of their own, a name or none, and a condition', () => {
    expect(waysIn(x).map(({ key, name }) => [key, name])).toEqual([
      ['big', 'Big'],
      ['mid', ''],
    ]);
    const odd = { ...x, ways: [3, { key: '' }, { key: 'w' }, { key: 'w', logic: 1 }] };
    expect(waysIn(odd)).toEqual([{ key: 'w', name: '', logic: null }]);
    expect(branchesOf(x)).toEqual(['big', 'mid', OTHERWISE]);
    expect(branchesOf({ id: 'e', kind: 'end' })).toEqual([]);
  });

  test('come, go, get names and conditions, and move', () => {
    const keys = (node: RuleNode) => waysIn(node).map((way) => way.key);
    const more = addWay(addWay(x));
    expect(keys(more)).toEqual(['big', 'mid', 'way1', 'way2']);
    expect(keys(removeWay(more, 'mid'))).toEqual(['big', 'way1', 'way2']);
    expect(waysIn(renameWay(x, 'mid', 'Middle'))[1]?.name).toBe('Middle');
    expect(renameWay(renameWay(x, 'mid', 'Middle'), 'mid', '')).toEqual(x);
    expect(waysIn(setWayLogic(x, 'mid', false))[1]?.logic).toBe(false);
    expect(keys(moveWay(more, 'way2', 0))).toEqual(['way2', 'big', 'mid', 'way1']);
    expect(keys(moveWay(more, 'big', 4))).toEqual(['mid', 'way1', 'way2', 'big']);
    expect(moveWay(x, 'big', 1)).toBe(x);
    expect(moveWay(x, 'none', 1)).toBe(x);
  });

  test('keep their steps by key when the node changes', () => {
    const before = of({
      ...chooseStep(x),
      ways: chooseStep(x, [{ branch: 'mid', steps: [plain('m')] }]).ways,
    });
    const turned = done(updateStep(before, 'x', moveWay(renameWay(x, 'big', 'Huge'), 'mid', 0)));
    expect(sequenceAt(turned, 'x', 'mid')).toEqual([plain('m')]);
    expect(stepIds(turned)).toEqual(['t', 'x', 'm']);
    const gone = done(updateStep(before, 'x', removeWay(x, 'mid')));
    expect(stepIds(gone)).toEqual(['t', 'x']);
    expect(shapeOf(gone)).toBe('t>x(big=|otherwise=)');
  });

  test('are read and written with the steps behind them', () => {
    const document = doc(
      [x, a('b'), a('m'), a('o'), a('z')],
      [
        ['t', 'x'],
        ['x', 'b', 'big'],
        ['b', 'z'],
        ['x', 'm', 'mid'],
        ['m', 'z'],
        ['x', 'o', 'otherwise'],
        ['o', 'z'],
      ],
    );
    const read = rule(document);
    const sorted = (one: JSONObject) =>
      listAt(one, 'edges')
        .map((edge) => JSON.stringify(edge))
        .sort();
    expect(open({ ...document, edges: [['t', 'x', 3]] })).toMatchObject({ why: 'unreadable' });
    expect(leadingFrom(read, 't').size).toBe(0);
    expect(sorted(write(read))).toEqual(sorted(document));
    expect(placeOf(read, 'o')?.slot).toEqual({ parent: 'x', branch: OTHERWISE, index: 0 });
    expect(
      open({
        ...document,
        edges: [
          ['t', 'x'],
          ['x', 'b', 'bgi'],
        ],
      }),
    ).toMatchObject({ why: 'two-ways-out' });
  });

  test('stand beside each other, none over another', () => {
    const { pills, cards } = layoutTree(
      rule(
        doc(
          [x, a('b')],
          [
            ['t', 'x'],
            ['x', 'b', 'big'],
          ],
        ),
      ),
    );
    expect(pills.map((pill) => pill.branch)).toEqual(['big', 'mid', OTHERWISE]);
    expect(pills.map((pill) => pill.x)).toEqual([...pills.map((pill) => pill.x)].sort((p, q) => p - q));
    expect((pills[0]?.x ?? 0) + (pills[2]?.x ?? 0)).toBe(0);
    expect(cards).toHaveLength(3);
  });

  test('say where something is missing, and which side of a comparison a problem is about', () => {
    const half = of(chooseStep(addWay(x)));
    expect(unfilledProblems(half).map(({ code, place }) => [code, place])).toEqual([
      ['choose-field', 'ways/2/logic/and/0'],
    ]);
    const whole = rule(doc([x], [['t', 'x']]));
    const found = { code: 'unknown-column', path: '/nodes/1/ways/0/logic/>/0', message: '', node: 'x' };
    const problems = problemsByStep(whole, [found], write(whole));
    expect(inReadingOrder(whole, problems).map(({ place, side }) => [place, side])).toEqual([
      ['ways/0/logic/>/0', 'field'],
    ]);
  });

  test('are told one by one where versions differ', () => {
    const told = (other: RuleNode) =>
      changesBetween(of(chooseStep(x)), of(chooseStep(other))).map(({ field, old, new: now }) => [
        field,
        old,
        now,
      ]);
    expect(told(renameWay(x, 'mid', 'M'))).toEqual([['ways.mid.name', '', 'M']]);
    expect(told(setWayLogic(x, 'mid', 1))).toEqual([['ways.mid.logic', true, 1]]);
    expect(told(removeWay(x, 'mid'))).toEqual([['ways.mid', { key: 'mid', logic: true }, null]]);
    expect(told(removeWay(x, 'big')).map(([, old]) => old)).toEqual([waysIn(x)[0]]);
    expect(told(addWay(x)).map(([field]) => field)).toEqual(['ways.way1']);
    expect(told(moveWay(x, 'mid', 0))).toEqual([['order', ['big', 'mid'], ['mid', 'big']]]);
  });
});

test('words without a place for anything are said alone', () => {
  expect(plainText(sentence(of(), WORDS))).toBe('sentence.nothing');
  const whole = (template: string) => ({
    ...WORDS,
    phrase: (key: string) => (key === 'sentence.whole' ? template : key),
  });
  expect(plainText(sentence(of(plain('a')), whole('{start}…{steps}')))).toBe(
    'start.manual…do.notify.sentence',
  );
  expect(plainText(sentence(of(plain('a')), whole('{steps}')))).toBe('do.notify.sentence');
});

test('changes of ways are said in words', () => {
  const say = (key: string, values: Record<string, string> = {}) => [key, ...Object.values(values)].join(' ');
  const words = { ...WORDS, phrase: (key: string) => (key === 'condition.gt' ? '{field}>{value}' : key) };
  const lines = (old: Rule, now: Rule) =>
    changesByStep(changesBetween(old, now), { old, now }, { words, say, title: (node) => node.id }).map(
      ({ step, lines: told }) => [step, ...told.map(({ label, was, now: is }) => [label, was, is])],
    );
  const one = of(chooseStep(x));
  expect(lines(one, of(chooseStep(moveWay(x, 'mid', 0))))).toEqual([
    ['x', ['ways.order', 'Big → wayNumber 2', 'wayNumber 1 → Big']],
  ]);
  expect(lines(one, of(chooseStep(renameWay(x, 'mid', 'M'))))).toEqual([['x', ['ways.name', '', 'M']]]);
  expect(lines(one, of(chooseStep(setWayLogic(x, 'big', { '>': [{ var: 'after.a' }, 8] }))))).toEqual([
    [
      'x',
      ['ways.way Big', undefined, undefined],
      [undefined, 'after.a>9', undefined],
      [undefined, undefined, 'after.a>8'],
    ],
  ]);
  expect(lines(one, of(chooseStep(removeWay(x, 'big'))))).toEqual([
    ['x', ['ways.way Big', 'after.a>9', undefined]],
  ]);
  expect(lines(of(chooseStep(removeWay(x, 'big'))), one)).toEqual([
    ['x', ['ways.way Big', undefined, 'after.a>9']],
  ]);
  const filled = of(
    chooseStep(x, [
      { branch: 'mid', steps: [plain('m')] },
      { branch: 'otherwise', steps: [plain('o')] },
    ]),
  );
  expect(lines(one, filled).map(([, , where]) => where)).toEqual([
    ['place.way x wayNumber 2', undefined, undefined],
    ['place.otherwise x', undefined, undefined],
  ]);
  const turned = of(
    chooseStep(x, [
      { branch: 'big', steps: [plain('m')] },
      { branch: 'otherwise', steps: [plain('o')] },
    ]),
  );
  expect(lines(filled, turned)).toEqual([
    ['x', ['order.way wayNumber 2', 'm', 'nothingMore'], ['order.way Big', 'nothingMore', 'm']],
  ]);
  const odd = changesByStep(
    [
      { kind: 'changed', node: 'x', field: 'order', old: 3, new: ['gone'] },
      { kind: 'changed', node: 'x', field: 'ways.gone', old: 3, new: { key: 'gone' } },
      { kind: 'changed', node: 'nobody', field: 'order', old: ['a'], new: ['b'] },
    ],
    { old: one, now: one },
    { words, say, title: (node) => node.id },
  );
  expect(odd[0]?.lines.map(({ label }) => label)).toEqual(['ways.order', 'ways.way gone']);
  expect(logicsOf({ kind: 'choose', ways: [3, {}] })).toEqual([
    { at: 'ways/0/logic', logic: null },
    { at: 'ways/1/logic', logic: null },
  ]);
});

describe('the failed path of an action', () => {
  const joined = doc(
    [a('a'), a('f'), a('b'), a('z')],
    [
      ['t', 'a'],
      ['a', 'f', 'failed'],
      ['a', 'b'],
      ['b', 'z'],
      ['f', 'z'],
    ],
  );

  test('stands apart where it stops, and joins where it comes back', () => {
    const stops = rule(
      doc(
        [a('a'), a('f'), a('z')],
        [
          ['t', 'a'],
          ['a', 'f', 'failed'],
          ['a', 'z'],
        ],
      ),
    );
    expect(shapeOf(stops)).toBe('t>a!(failed=f:action),z:action');
    expect(shapeOf(rule(joined))).toBe('t>a(failed=f:action|done=b:action),z:action');
    expect(open(write(rule(joined)))).toEqual(rule(joined));
    const both = doc(
      [a('a'), a('b'), a('f')],
      [
        ['t', 'a'],
        ['a', 'b'],
        ['a', 'f', 'failed'],
        ['b', 'f', 'failed'],
      ],
    );
    expect(open(both)).toMatchObject({ kind: 'free', why: 'crossing' });
  });

  test('is given to an action, taken away again, and stops or goes on', () => {
    const one = of(plain('a'), plain('z'));
    const failing = done(addFailed(one, 'a'));
    expect(sequenceAt(failing, 'a', FAILED)).toEqual([]);
    const filled = done(insertStep(failing, { parent: 'a', branch: FAILED, index: 0 }, a('f')));
    expect(write(filled)['edges']).toEqual([
      ['t', 'a'],
      ['a', 'f', 'failed'],
      ['a', 'z'],
    ]);
    const on = done(setStops(filled, 'a', false));
    expect(write(on)['edges']).toEqual([
      ['t', 'a'],
      ['a', 'f', 'failed'],
      ['f', 'z'],
      ['a', 'z'],
    ]);
    expect(setStops(on, 'a', false)).toBe(on);
    expect(done(setStops(on, 'a', true))).toEqual(filled);
    const apart = done(setStops(rule(joined), 'a', true));
    expect(shapeOf(apart)).toBe('t>a!(failed=f:action),b:action,z:action');
    expect(done(removeFailed(filled, 'a'))).toEqual(one);
    expect(stepIds(done(removeFailed(rule(joined), 'a')))).toEqual(['t', 'a', 'b', 'z']);
    expect(stepIds(done(removeStep(rule(joined), 'a', DONE)))).toEqual(['t', 'b', 'z']);
    for (const refused of [
      addFailed(filled, 'a'),
      addFailed(one, 't'),
      removeFailed(one, 'a'),
      setStops(one, 'a', true),
    ])
      expect(refused).toEqual({ kind: 'refusal', reason: 'no-such-step' });
  });

  test('is drawn right of the line that goes on', () => {
    for (const one of [rule(joined), done(setStops(rule(joined), 'a', true))]) {
      const drawing = layoutTree(one);
      const at = new Map(drawing.cards.map((card) => [card.id, card.x]));
      expect(at.get('b')).toBe(at.get('a'));
      expect(at.get('f') ?? 0).toBeGreaterThan(at.get('a') ?? 0);
    }
    expect(layoutTree(done(setStops(rule(joined), 'a', true))).stops).toHaveLength(1);
  });

  test('is painted as the run took it', () => {
    const step = (node: string, state: 'succeeded' | 'failed', branch: string | null = null) => ({
      node,
      state,
      branch,
    });
    const steps = [
      step('t', 'succeeded'),
      step('a', 'failed', FAILED),
      step('f', 'succeeded'),
      step('z', 'succeeded'),
    ];
    const went = paint(rule(joined), { outcome: 'succeeded', steps });
    expect([...went.taken]).toEqual([
      'root:main:0',
      'a:failed:0',
      'a:failed:1',
      'root:main:1',
      'root:main:2',
    ]);
    expect([went.steps.get('a'), went.steps.get('b'), went.ended]).toEqual(['failed', 'off', true]);
    const apart = paint(done(setStops(rule(joined), 'a', true)), {
      outcome: 'succeeded',
      steps: steps.slice(0, 3),
    });
    expect([...apart.taken]).toEqual(['root:main:0', 'a:failed:0', 'a:failed:1']);
    const worked = [
      step('t', 'succeeded'),
      step('a', 'succeeded'),
      step('b', 'succeeded'),
      step('z', 'succeeded'),
    ];
    expect(paint(rule(joined), { outcome: 'succeeded', steps: worked }).taken.has('a:done:1')).toBe(true);
    const free = asFree(
      [start, a('a'), a('f')],
      [
        { source: 't', target: 'a', branch: null },
        { source: 'a', target: 'f', branch: FAILED },
      ],
    );
    expect([...paint(free, { outcome: 'succeeded', steps: steps.slice(0, 3) }).taken]).toEqual([
      't>a',
      'a>f:failed',
    ]);
  });

  test('is an indented part of the outline; what comes when it worked is not', () => {
    const lines = outline(rule(joined), WORDS).lines.map(({ step, depth, side }) => [step, depth, side]);
    expect(lines).toEqual([
      ['t', 0, null],
      ['a', 0, null],
      ['f', 1, FAILED],
      ['b', 0, null],
      ['z', 0, null],
    ]);
    const chosen = outline(of(chooseStep(x, [{ branch: 'big', steps: [plain('b')] }])), WORDS).lines;
    expect(chosen.map(({ lead, of: whose }) => [lead, whose?.id])).toEqual([
      ['start', undefined],
      ['choose', undefined],
      ['step', 'x'],
    ]);
  });

  test('says how an action before a step went', () => {
    const opened = rule(joined);
    expect(['b', 'f', 'z'].map((step) => wentBefore(opened, 'a', step))).toEqual([
      'done',
      'failed',
      'either',
    ]);
    expect(actionsBefore(opened, 'f').map((node) => node.id)).toEqual(['a']);
    expect(readErrorPath('steps.a.error.code')).toEqual({ step: 'a', part: 'code' });
    expect(readErrorPath('steps.a.error.other')).toBe(null);
    expect(readErrorPath('after.a')).toBe(null);
    const wide = open(
      doc(
        [a('a'), a('f'), x, a('z'), a('end')],
        [
          ['t', 'a'],
          ['a', 'f', 'failed'],
          ['a', 'x'],
          ['x', 'z', 'big'],
          ['x', 'z', 'mid'],
          ['z', 'end'],
        ],
      ),
    );
    expect(wentBefore(wide, 'a', 'end')).toBe('done');
    const turned = open(
      doc(
        [a('a'), a('f'), x, a('z'), a('end')],
        [
          ['t', 'a'],
          ['a', 'f'],
          ['a', 'x', 'failed'],
          ['x', 'z', 'big'],
          ['x', 'z', 'mid'],
          ['z', 'end'],
        ],
      ),
    );
    expect(wentBefore(turned, 'a', 'f')).toBe('done');
  });
});

describe('a graph whose ways cross', () => {
  const free: Free = asFree(
    [start, x, a('a'), a('f'), a('z')],
    [
      { source: 't', target: 'x', branch: null },
      { source: 'x', target: 'a', branch: 'big' },
      { source: 'x', target: 'f', branch: 'mid' },
      { source: 'a', target: 'f', branch: FAILED },
      { source: 'a', target: 'z', branch: null },
    ],
  );

  test('has every way as a door, a failed path where somebody drew it', () => {
    expect(doorsIn(free, x).map((door) => door.branch)).toEqual(['big', 'mid', OTHERWISE]);
    expect(doorsIn(free, a('a')).map((door) => door.branch)).toEqual([null, FAILED]);
    expect(doorsIn(free, a('z')).map((door) => door.branch)).toEqual([null]);
    const { pills, slots } = layoutFree(free);
    expect(pills.map((pill) => pill.branch)).toEqual(['big', 'mid', OTHERWISE, FAILED]);
    expect(slots).toHaveLength(8);
    expect(neighbour(free, 'x', 'left')).toBe('a');
    expect(neighbour(free, 'x', 'right')).toBe(null);
    expect(neighbour(free, 'a', 'right')).toBe('f');
    expect(neighbour(free, 'a', 'left')).toBe(null);
    expect(neighbour(free, 'nobody', 'left')).toBe(null);
    expect(neighbour(free, 'x', 'down')).toBe('a');
    expect(neighbour(free, 'z', 'down')).toBe(null);
    expect(neighbour(free, 't', 'up')).toBe(null);
  });

  test('is edited by them', () => {
    const ids = (opened: ReturnType<typeof redirect>) =>
      opened.kind === 'refusal' ? opened.reason : JSON.stringify(documentEdges(opened));
    const documentEdges = (opened: Exclude<ReturnType<typeof redirect>, { kind: 'refusal' }>) =>
      (opened.kind === 'rule' ? write(opened) : opened.document)['edges'];
    expect(ids(redirect(free, { id: 'z', branch: FAILED }, 'f'))).toContain('["z","f","failed"]');
    expect(ids(removeFrom(free, 'x', 'big'))).toContain('["t","a"]');
    expect(ids(removeFrom(free, 'x'))).not.toContain('["t",');
    expect(ids(removeFrom(free, 'a', 'yes'))).toContain('["x","z","big"]');
    expect(ids(insertAt(free, { id: 'x', branch: OTHERWISE }, a('n')))).toContain('["x","n","otherwise"]');
    expect(ids(withNode(free, 'x', (node) => removeWay(node, 'mid')))).not.toContain('"mid"');
    expect(ids(withNode(free, 'a', (node) => ({ ...node, note: 'n' })))).toContain('["a","f","failed"]');
  });
});

test('a step with sides is copied whole, and read again from the clipboard', () => {
  fc.assert(
    fc.property(drawnRule, (drawn) => {
      const read = readClip(clipText(drawn.steps));
      if (drawn.steps.length > 0) expect(read).toEqual({ kind: 'steps', steps: drawn.steps });
    }),
  );
  const clip = (step: JSONValue) => readClip(JSON.stringify({ ruleyard: 'steps', steps: [step] })).kind;
  expect(clip({ node: a('a'), ways: { failed: 3 } })).toBe('refusal');
  expect(clip({ node: a('a'), ways: [] })).toBe('refusal');
  expect(clip({ node: a('a'), ways: { other: [] } })).toBe('steps');
  expect(clip({ node: { id: 'w', kind: 'wait' }, ways: { failed: [] } })).toBe('steps');
  expect(clip({ node: a('a'), ways: { failed: [] } })).toBe('steps');
  expect(clip({ node: { ...x, ways: [] } })).toBe('refusal');
});

test('sides are what they were where none of them changes', () => {
  fc.assert(
    fc.property(anyRule, (one) => {
      for (const step of one.steps) {
        expect(withSides(step, (side) => side.steps)).toBe(step);
        const emptied = withSides(step, () => []);
        expect(sidesOf(emptied).every((side) => side.steps.length === 0)).toBe(true);
        expect(sidesOf(emptied).map((side) => side.branch)).toEqual(sidesOf(step).map((side) => side.branch));
      }
    }),
  );
  expect(stepFrom(x)).toEqual(chooseStep(x));
});
