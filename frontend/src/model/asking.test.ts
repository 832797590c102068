import { describe, expect, test } from 'vitest';
import { spoken, wordsOf } from '../i18n/spoken';
import { start } from './arbitrary';
import { clipText, readClip } from './clip';
import { addFailed, insertStep, removeFailed, setStops, updateStep } from './edit';
import { doorsIn } from './free';
import { open, write } from './graph';
import type { JSONObject, JSONValue } from './json';
import { outputsOf } from './outputs';
import { paint } from './paint';
import { unfilledProblems } from './problems';
import { placeOf, type Rule, type RuleNode, type Slot, type Step, sequenceAt, shapeOf } from './rule';
import { sentence } from './sentence';
import { stepWords, toneOf } from './stepWords';
import { inEffect, switched } from './switched';
import { layoutTree } from './treeLayout';
import { actionStep, answersOf, branchesOf, FAILED, LATE, REFUSED, stepFrom } from './ways';
import { plain as plainText } from './wording';

const q: RuleNode = {
  id: 'q',
  kind: 'action',
  do: 'ask_approval',
  fields: { to: ['admin', 'kim@example.com'], question: 'Order it?' },
};
const a = (id: string): RuleNode => ({ id, kind: 'action', do: 'notify', fields: { title: id } });
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
const place = (branch: string): Slot => ({ parent: 'q', branch, index: 0 });
const words = wordsOf((await spoken(['builder']))('en'), 'en');

/** Approved goes on to z; refused and late have a step each. */
const drawn = doc(
  [q, a('n'), a('l'), a('z')],
  [
    ['t', 'q'],
    ['q', 'n', 'refused'],
    ['q', 'l', 'late'],
    ['q', 'z'],
  ],
);

describe('a question for approval', () => {
  test('goes on when it is approved, and has a way for every other answer', () => {
    expect(branchesOf(q)).toEqual([null, REFUSED, LATE, FAILED]);
    expect([answersOf(q), answersOf(a('a')), answersOf({ id: 'c', kind: 'condition' })]).toEqual([
      [REFUSED, LATE],
      [],
      [],
    ]);
    expect(shapeOf(of(stepFrom(q)))).toBe('t>q!(refused=|late=)');
  });

  test('opens with what is drawn, and is written as it was', () => {
    expect(shapeOf(rule(drawn))).toBe('t>q!(refused=n:action|late=l:action),z:action');
    expect(open(write(rule(drawn)))).toEqual(rule(drawn));
    expect(write(of(stepFrom(q)))['edges']).toEqual([['t', 'q']]);
  });

  test('may come back from an answer to what follows; ways that meet beside it are no tree', () => {
    const joined = doc(
      [q, a('n'), a('z')],
      [
        ['t', 'q'],
        ['q', 'n', 'refused'],
        ['n', 'z'],
        ['q', 'z'],
      ],
    );
    expect(shapeOf(rule(joined))).toBe('t>q(refused=n:action|done=),z:action');
    expect(open(write(rule(joined)))).toEqual(rule(joined));
    const meeting = doc(
      [q, a('n'), a('z')],
      [
        ['t', 'q'],
        ['q', 'n', 'refused'],
        ['q', 'n', 'late'],
        ['q', 'z'],
      ],
    );
    const free = open(meeting);
    if (free.kind !== 'free') throw new Error('it is a tree');
    expect(free.why).toBe('crossing');
    expect(doorsIn(free, q).map((door) => door.branch)).toEqual([null, REFUSED, LATE]);
  });

  test('takes steps on each of its ways, and a path for when it fails', () => {
    const filled = done(insertStep(of(stepFrom(q)), place(LATE), a('l')));
    const failing = done(addFailed(filled, 'q'));
    expect(shapeOf(failing)).toBe('t>q!(refused=|late=l:action|failed=)');
    expect(addFailed(failing, 'q').kind).toBe('refusal');
    expect(done(removeFailed(failing, 'q'))).toEqual(filled);
    const on = done(setStops(failing, 'q', false));
    expect(shapeOf(on)).toBe('t>q(late=l:action|failed=|done=)');
    expect(done(setStops(on, 'q', true))).toEqual(failing);
  });

  test('keeps what follows when it becomes another action', () => {
    const on = done(setStops(rule(drawn), 'q', false));
    const filled = done(insertStep(on, place('done'), a('d')));
    expect(shapeOf(done(updateStep(filled, 'q', { ...a('q') })))).toBe('t>q:action,d:action,z:action');
    const asked = done(updateStep(of({ kind: 'plain', node: a('q') }), 'q', q));
    expect(sequenceAt(asked, 'q', REFUSED)).toEqual([]);
  });

  test('is copied and pasted with its ways', () => {
    const step = placeOf(rule(drawn), 'q')?.step;
    const read = readClip(clipText(step ? [step] : []));
    expect(read).toEqual({ kind: 'steps', steps: step ? [step] : [] });
    expect(readClip(JSON.stringify(q))).toEqual({ kind: 'steps', steps: [actionStep(q)] });
  });

  test('is as if approved when it is switched off', () => {
    const off = done(updateStep(rule(drawn), 'q', switched(q, 'off')));
    expect(shapeOf(inEffect(off))).toBe('t>z:action');
  });

  test('is drawn with one way beside the other, each with its end', () => {
    const drawing = layoutTree(rule(drawn));
    const at = new Map(drawing.cards.map((card) => [card.id, card.x]));
    expect(at.get('z')).toBe(at.get('q'));
    expect(at.get('n') ?? 0).toBeGreaterThan(at.get('q') ?? 0);
    expect(at.get('l') ?? 0).toBeGreaterThan(at.get('n') ?? 0);
    expect(drawing.stops.map((stop) => stop.id)).toEqual(['q:refused', 'q:late']);
    const pills = new Map(drawing.pills.map((pill) => [pill.branch, pill.x]));
    expect([...pills.keys()].sort()).toEqual(['approved', 'late', 'refused']);
    expect(pills.get('approved')).toBe(0);
  });

  test('is painted by what was answered', () => {
    const step = (node: string, branch: string | null = null) => ({
      node,
      state: 'succeeded' as const,
      branch,
    });
    const painted = (one: Rule, ...steps: ReturnType<typeof step>[]) =>
      paint(one, { outcome: 'succeeded', steps: [step('t'), ...steps] });
    const refused = painted(rule(drawn), step('q', REFUSED), step('n'));
    expect([...refused.taken]).toEqual(['root:main:0', 'q:refused:0', 'q:refused:1']);
    expect(refused.ended).toBe(false);
    const approved = painted(rule(drawn), step('q'), step('z'));
    expect([approved.ended, approved.taken.has('q:approved:0')]).toEqual([true, true]);
    const joined = done(setStops(of(actionStep(q, [{ branch: REFUSED, steps: [] }])), 'q', false));
    expect(painted(joined, step('q', REFUSED)).taken).toEqual(new Set(['root:main:0']));
  });

  test('says whom it asks, and what is done with each answer', () => {
    expect([toneOf(q), stepWords(q, words)]).toEqual([
      'tell',
      'ask all administrators or kim@example.com to approve “Order it?”',
    ]);
    const asked = (fields: JSONObject) => stepWords({ ...q, fields }, words);
    expect(asked({ to: 'kim@example.com', question: 'Ok?' })).toBe('ask kim@example.com to approve “Ok?”');
    for (const to of [{}, { to: '' }, { to: [] }]) expect(asked(to)).toBe('ask … to approve “…”');
    const said = plainText(sentence(rule(drawn), words));
    expect(said).toContain('(if refused: notify');
    expect(said).toContain('(if nobody answers in time: notify');
  });

  test('lacks who decides and the question, and gives the answer to later steps', () => {
    const bare = { ...q, fields: { to: [] } };
    expect(unfilledProblems(of(stepFrom(bare))).map((one) => one.code)).toEqual([
      'choose-approver',
      'write-question',
    ]);
    expect(outputsOf(q, '').map((one) => one.name)).toEqual(['answer', 'by', 'comment', 'at']);
  });
});
