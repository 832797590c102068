import { describe, expect, test } from 'vitest';
import { asFree, start } from './arbitrary';
import { actionsBefore, wentBefore } from './before';
import { addFailed, insertStep, removeFailed, removeStep, setStops } from './edit';
import { open, write } from './graph';
import { outline } from './outline';
import { readErrorPath } from './outputs';
import { paint } from './paint';
import { sequenceAt, shapeOf, stepIds } from './rule';
import { layoutTree } from './treeLayout';
import { a, doc, done, of, plain, rule, WORDS, x } from './waySamples';
import { chooseStep, DONE, FAILED } from './ways';

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
