import { describe, expect, test } from 'vitest';
import { changesByStep } from './changes';
import { changesBetween } from './differ';
import { updateStep } from './edit';
import { leadingFrom, open, write } from './graph';
import { type JSONObject, listAt } from './json';
import { logicsOf } from './places';
import { inReadingOrder, problemsByStep, unfilledProblems } from './problems';
import { placeOf, type Rule, type RuleNode, sequenceAt, shapeOf, stepIds } from './rule';
import { sentence } from './sentence';
import { layoutTree } from './treeLayout';
import { a, doc, done, of, plain, rule, WORDS, x } from './waySamples';
import {
  addWay,
  branchesOf,
  chooseStep,
  moveWay,
  OTHERWISE,
  removeWay,
  renameWay,
  setWayLogic,
  waysIn,
} from './ways';
import { plain as plainText } from './wording';

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
