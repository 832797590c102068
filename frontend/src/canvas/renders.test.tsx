/** A card is drawn anew when something of its own changed: counted by the words that its text asks for. */
import { MantineProvider } from '@mantine/core';
import { act, render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { updateStep } from '../model/edit';
import type { StepProblem } from '../model/problems';
import type { Rule, Step } from '../model/rule';
import { steadyProblems } from '../model/steady';
import type { Board } from './board';
import { toLookAt } from './board';
import { RuleList } from './RuleList';
import { makeWords, NO_TABLES } from './words';

const COUNT = 40;

function rule(): Rule {
  const wait = (index: number): Step => ({
    kind: 'plain',
    node: { id: `s${index}`, kind: 'wait', amount: 1000 + index, unit: 'hours' },
  });
  const waits = Array.from({ length: COUNT }, (_, index) => wait(index));
  const check: Step = {
    kind: 'if',
    node: { id: 'c', kind: 'condition', logic: true },
    yes: waits.slice(20, 30),
    no: waits.slice(30),
  };
  return {
    kind: 'rule',
    head: {},
    trigger: { id: 't', kind: 'trigger', on: 'manual' },
    steps: [...waits.slice(0, 20), check],
  };
}

/** Each wait has an amount of its own: whose text was made is told by the durations that were asked for. */
function counting() {
  const drawn: number[] = [];
  const words = makeWords((key) => key, 'en', NO_TABLES);
  return {
    drawn,
    words: {
      ...words,
      duration: (amount: number, unit: string) => {
        drawn.push(amount);
        return `${amount} ${unit}`;
      },
    },
  };
}

function setUp() {
  const { drawn, words } = counting();
  const problem: StepProblem = {
    code: 'enter-amount',
    message: null,
    severity: 'warning',
    step: 's7',
    place: 'amount',
    side: null,
    args: {},
    fix: null,
  };
  const found = () => new Map([['s7', [{ ...problem }]]]);
  const first: Board = {
    ...toLookAt(() => undefined),
    opened: rule(),
    words,
    selected: null,
    problems: found(),
    painting: null,
    badges: new Map(),
    editable: true,
  };
  const view = (board: Board, opened: Rule) => (
    <MantineProvider>
      <RuleList {...board} rule={opened} label="Steps" />
    </MantineProvider>
  );
  const shown = render(view(first, rule()));
  const show = (board: Board, opened: Rule): number[] => {
    drawn.length = 0;
    act(() => shown.rerender(view(board, opened)));
    return [...new Set(drawn)];
  };
  return { first, found, show, drawn };
}

test('typing in one step draws that card anew, and no other', () => {
  const { first, found, show, drawn } = setUp();
  expect(new Set(drawn).size).toBe(COUNT);
  const opened = rule();
  show({ ...first, opened }, opened);
  for (const id of ['s3', 's25']) {
    const edited = updateStep(opened, id, { id, kind: 'wait', amount: 7, unit: 'hours' });
    if (edited.kind !== 'rule') throw new Error(edited.reason);
    const problems = steadyProblems(first.problems, found());
    expect(show({ ...first, problems, opened: edited }, edited)).toEqual([7]);
    show({ ...first, opened }, opened);
  }
});

test('selecting draws the card that was selected and the one that is', () => {
  const { first, show } = setUp();
  const opened = rule();
  show({ ...first, opened, selected: 's3' }, opened);
  expect(show({ ...first, opened, selected: 's4' }, opened).sort()).toEqual([1003, 1004]);
});

test('carrying a step over a place draws no card but the carried one', () => {
  const { first, show } = setUp();
  const opened = rule();
  show({ ...first, opened }, opened);
  const drag = (target: string) => ({ ...first, opened, drag: { target, carried: 's3' } });
  expect(show(drag('root:main:1'), opened)).toEqual([1003]);
  expect(show(drag('root:main:2'), opened)).toEqual([]);
});
