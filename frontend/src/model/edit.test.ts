import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rule as anyRule } from './arbitrary';
import {
  duplicate,
  type Edited,
  freshId,
  insertStep,
  moveStep,
  nudge,
  pasteSteps,
  removeStep,
  renameRule,
  setPolicy,
  slotAfter,
  stepAt,
  updateStep,
} from './edit';
import { open, write } from './graph';
import { begin, close, record, redo, undo } from './history';
import { countSteps, nodeOf, placeOf, type Rule, shapeOf, slotFrom, slotName, stepIds } from './rule';

const node = (id: string, kind = 'action') => ({ id, kind });
function rule(): Rule {
  return {
    kind: 'rule',
    head: { name: 'R' },
    trigger: node('t', 'trigger'),
    steps: [
      { kind: 'plain', node: node('a1') },
      {
        kind: 'if',
        node: node('c1', 'condition'),
        yes: [{ kind: 'plain', node: node('a2') }],
        no: [],
      },
      { kind: 'plain', node: node('a3') },
    ],
  };
}
const say = (edited: Edited): string => (edited.kind === 'rule' ? shapeOf(edited) : edited.reason);
const root = (index: number) => ({ parent: 'root', branch: 'main', index }) as const;
const yes = (index: number) => ({ parent: 'c1', branch: 'yes', index }) as const;

describe('commands', () => {
  const table: [string, Edited, string][] = [
    [
      'insert at the top',
      insertStep(rule(), root(0), node('n')),
      't>n:action,a1:action,c1(a2:action|),a3:action',
    ],
    [
      'insert into a branch',
      insertStep(rule(), yes(1), node('n')),
      't>a1:action,c1(a2:action,n:action|),a3:action',
    ],
    [
      'insert nowhere',
      insertStep(rule(), { parent: 'a1', branch: 'yes', index: 0 }, node('n')),
      'no-such-place',
    ],
    ['move down', moveStep(rule(), 'a1', root(3)), 't>c1(a2:action|),a3:action,a1:action'],
    ['move into a branch', moveStep(rule(), 'a3', yes(0)), 't>a1:action,c1(a3:action,a2:action|)'],
    ['move where it is', moveStep(rule(), 'a1', root(1)), 't>a1:action,c1(a2:action|),a3:action'],
    ['move into itself', moveStep(rule(), 'c1', yes(0)), 'into-itself'],
    ['move the start', moveStep(rule(), 't', root(1)), 'the-start-stays'],
    ['remove', removeStep(rule(), 'a1'), 't>c1(a2:action|),a3:action'],
    ['remove an If with all in it', removeStep(rule(), 'c1'), 't>a1:action,a3:action'],
    ['remove an If and keep its Yes', removeStep(rule(), 'c1', 'yes'), 't>a1:action,a2:action,a3:action'],
    ['remove the start', removeStep(rule(), 't'), 'the-start-stays'],
    ['duplicate an If', duplicate(rule(), 'c1'), 't>a1:action,c1(a2:action|),c2(a4:action|),a3:action'],
    [
      'insert an If',
      insertStep(rule(), root(3), node('n', 'condition')),
      't>a1:action,c1(a2:action|),a3:action,n(|)',
    ],
    [
      'insert beside the branches',
      insertStep(rule(), { parent: 'root', branch: 'yes', index: 0 }, node('n')),
      'no-such-place',
    ],
    [
      'insert below an If that is none',
      insertStep(rule(), { parent: 'c1', branch: 'main', index: 0 }, node('n')),
      'no-such-place',
    ],
    ['insert before the first', insertStep(rule(), root(-1), node('n')), 'no-such-place'],
    ['insert after the last', insertStep(rule(), root(4), node('n')), 'no-such-place'],
    ['move nobody', moveStep(rule(), 'zz', root(0)), 'no-such-step'],
    ['move up', moveStep(rule(), 'a3', root(0)), 't>a3:action,a1:action,c1(a2:action|)'],
    ['remove nobody', removeStep(rule(), 'zz'), 'no-such-step'],
    ['remove a step and keep what it has not', removeStep(rule(), 'a1', 'no'), 't>c1(a2:action|),a3:action'],
    ['duplicate the start', duplicate(rule(), 't'), 'the-start-stays'],
    ['duplicate nobody', duplicate(rule(), 'zz'), 'no-such-step'],
    [
      'update a step in a branch',
      updateStep(rule(), 'a2', node('x', 'wait')),
      't>a1:action,c1(a2:wait|),a3:action',
    ],
    [
      'update an If',
      updateStep(rule(), 'c1', { ...node('c1', 'condition'), note: 'x' }),
      't>a1:action,c1(a2:action|),a3:action',
    ],
    ['update nobody', updateStep(rule(), 'zz', node('zz')), 'no-such-step'],
  ];
  test.each(table)('%s', (_name, edited, expected) => expect(say(edited)).toBe(expected));

  test('nothing stands after an end', () => {
    const ended = insertStep(rule(), root(3), node('e', 'end'));
    expect(ended.kind === 'rule' ? say(insertStep(ended, root(4), node('n'))) : '').toBe('after-the-end');
  });

  test('a pasted step follows its own references', () => {
    const steps = [
      { kind: 'plain' as const, node: { ...node('a1'), fields: {} } },
      { kind: 'plain' as const, node: { ...node('a2'), fields: { to: { var: 'steps.a1.output.id' } } } },
    ];
    const pasted = pasteSteps(rule(), root(3), steps);
    expect(pasted.kind === 'rule' && placeOf(pasted, 'a5')?.step.node['fields']).toEqual({
      to: { var: 'steps.a4.output.id' },
    });
  });

  test('the start takes another node and keeps its id', () => {
    const edited = updateStep(rule(), 't', { ...node('other', 'trigger'), on: 'manual' });
    expect(edited.kind === 'rule' && edited.trigger).toEqual({ id: 't', kind: 'trigger', on: 'manual' });
  });

  test('a pasted step without a name gets one; lists and other references stay', () => {
    const fields = { set: { a: [{ var: 'steps.7' }, { var: 'after.x' }, { var: ['y'] }], b: null } };
    const pasted = pasteSteps(rule(), root(0), [{ kind: 'plain', node: { ...node('7'), fields } }]);
    expect(pasted.kind === 'rule' && pasted.steps[0]?.node).toEqual({
      ...node('s1'),
      fields: { set: { a: [{ var: 'steps.s1' }, { var: 'after.x' }, { var: ['y'] }], b: null } },
    });
  });

  test('one step up or down is past its neighbour', () => {
    expect(nudge(rule(), 'a3', 'up')).toEqual(root(1));
    expect(nudge(rule(), 'a1', 'down')).toEqual(root(2));
    expect(nudge(rule(), 'zz', 'up')).toBeNull();
  });

  test('what stands in a place, and the place after a step', () => {
    expect([stepAt(rule(), yes(0))?.node.id, stepAt(rule(), yes(1))]).toEqual(['a2', undefined]);
    expect([slotAfter(rule(), 't'), slotAfter(rule(), null), slotAfter(rule(), 'zz')]).toEqual([
      root(0),
      root(3),
      root(3),
    ]);
  });

  test('the rule has a name and a policy, and keeps what else they hold', () => {
    expect(renameRule(rule(), 'New').head).toEqual({ name: 'New' });
    expect(setPolicy(setPolicy(rule(), 'hours', { zone: 'UTC' }), 'hours', undefined).head).toEqual({
      ...rule().head,
      policy: {},
    });
    const once = setPolicy(rule(), 'overlap', 'queue');
    expect(setPolicy(once, 'limit', 200).head).toEqual({
      name: 'R',
      policy: { overlap: 'queue', limit: 200 },
    });
  });

  test('up and down leave a branch at its ends', () => {
    expect(nudge(rule(), 'a2', 'up')).toEqual(root(1));
    expect(nudge(rule(), 'a2', 'down')).toEqual(root(2));
    expect(nudge(rule(), 'a1', 'up')).toBeNull();
  });

  test('a slot has a name and back', () => {
    expect(slotFrom(slotName(yes(2)))).toEqual(yes(2));
    expect(slotFrom(slotName(root(1)))).toEqual(root(1));
    expect(slotFrom('nonsense')).toBeNull();
    expect(slotAfter(rule(), 'a2')).toEqual(yes(1));
  });
});

/** The document opens as a tree that tells the same; a failed path that nothing follows is drawn in one way only. */
const stays = (rule: Rule): void => {
  const opened = open(write(rule));
  expect(opened.kind === 'rule' ? write(opened) : opened).toEqual(write(rule));
};

describe('laws', () => {
  const pick = (values: readonly string[], at: number): string => values[at % values.length] ?? '';
  test('insert then remove is the same rule', () => {
    fc.assert(
      fc.property(anyRule, fc.nat(), (start, at) => {
        const added = insertStep(
          start,
          slotAfter(start, pick(stepIds(start), at)),
          node(freshId(start, 'n')),
        );
        expect(added.kind).toBe('rule');
        const back = added.kind === 'rule' ? removeStep(added, freshId(start, 'n')) : added;
        expect(back).toEqual(start);
      }),
    );
  });

  test('a move keeps every step, and the document stays a tree', () => {
    fc.assert(
      fc.property(anyRule, fc.nat(), fc.nat(), (start, from, to) => {
        const moved = moveStep(start, pick(stepIds(start), from), slotAfter(start, pick(stepIds(start), to)));
        if (moved.kind !== 'rule') return;
        expect([...stepIds(moved)].sort()).toEqual([...stepIds(start)].sort());
        stays(moved);
      }),
    );
  });

  test('duplicating adds as many steps as it copies, under new ids', () => {
    fc.assert(
      fc.property(anyRule, fc.nat(), (start, at) => {
        const place = placeOf(start, pick(stepIds(start), at));
        if (!place) return;
        const more = duplicate(start, place.step.node.id);
        if (more.kind !== 'rule') throw new Error(more.reason);
        expect(countSteps(more.steps)).toBe(countSteps(start.steps) + countSteps([place.step]));
        expect(new Set(stepIds(more)).size).toBe(stepIds(more).length);
      }),
    );
  });

  /** One edit of any kind, at a random place of the rule; a refusal leaves the rule as it is. */
  const edit = (from: Rule, [kind, a, b]: readonly [number, number, number]): Rule => {
    const ids = stepIds(from);
    const [one, other] = [pick(ids, a), pick(ids, b)];
    const slot = slotAfter(from, other);
    const steps = [placeOf(from, one)?.step ?? []].flat();
    const every: Edited[] = [
      insertStep(from, slot, node(freshId(from, 'n'), a % 2 === 0 ? 'action' : 'condition')),
      removeStep(from, one, b % 2 === 0 ? 'yes' : 'nothing'),
      moveStep(from, one, slot),
      moveStep(from, one, nudge(from, one, b % 2 === 0 ? 'up' : 'down') ?? slot),
      duplicate(from, one),
      pasteSteps(from, slot, steps),
      updateStep(from, one, { ...(nodeOf(from, one) ?? node(one)), note: b }),
      renameRule(from, `Rule ${a}`),
      setPolicy(from, 'limit', b),
    ];
    const edited = every[kind % every.length];
    return edited?.kind === 'rule' ? edited : from;
  };
  const edits = fc.array(fc.tuple(fc.nat(8), fc.nat(40), fc.nat(40)), { maxLength: 30 });

  test('after any edits, as many undos give back the rule, and as many redos the edited one', () => {
    fc.assert(
      fc.property(anyRule, edits, (start, chosen) => {
        const before = JSON.stringify(write(start));
        let history = begin(start);
        let count = 0;
        for (const one of chosen) {
          const next = edit(history.present, one);
          if (next !== history.present) count += 1;
          history = record(history, next, count);
          stays(next);
        }
        const last = history.present;
        for (let times = 0; times < count; times += 1) history = undo(history);
        expect(history.present).toBe(start);
        expect(JSON.stringify(write(start))).toBe(before);
        for (let times = 0; times < count; times += 1) history = redo(history);
        expect(history.present).toBe(last);
      }),
    );
  });

  test('an edit leaves every step outside the way to it as it is, by identity', () => {
    const start = rule();
    const added = insertStep(start, yes(0), node('n'));
    expect(added.kind === 'rule' && added.steps[0] === start.steps[0]).toBe(true);
    expect(added.kind === 'rule' && added.steps[2] === start.steps[2]).toBe(true);
  });

  test('as many undos as edits is the beginning, as many redos the end', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 50 }), (values) => {
        let history = begin('start');
        values.forEach((value, index) => {
          history = record(history, `${index}${value}`, index * 10, null);
        });
        const last = history.present;
        for (const _ of values) history = undo(history);
        expect(history.present).toBe('start');
        for (const _ of values) history = redo(history);
        expect(history.present).toBe(last);
      }),
    );
  });
});

describe('typing', () => {
  test('the same key within a second is one undo', () => {
    let history = begin('');
    history = record(history, 'a', 0, 'name');
    history = record(history, 'ab', 500, 'name');
    expect(undo(history).present).toBe('');
  });
  test('a pause, a blur or another field begins a new one', () => {
    const typed = record(begin(''), 'a', 0, 'name');
    expect(undo(record(typed, 'ab', 1500, 'name')).present).toBe('a');
    expect(undo(record(close(typed), 'ab', 10, 'name')).present).toBe('a');
    expect(undo(record(typed, 'ab', 10, 'other')).present).toBe('a');
  });
  test('nothing new is nothing to undo, and where nothing is left nothing happens', () => {
    const one = record(begin('a'), 'a', 0);
    expect([one.past, undo(one), redo(one)]).toEqual([[], one, one]);
    expect(close(one)).toBe(one);
  });
  test('an immediate undo takes back the last insert and only it', () => {
    const two = record(record(begin(0), 1, 0), 2, 1);
    expect(undo(two).present).toBe(1);
    expect(undo(undo(two)).present).toBe(0);
  });
});
