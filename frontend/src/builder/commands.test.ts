import { waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { JSONObject } from '../model/json';
import { indexOf } from '../model/rule';
import { isOff } from '../model/switched';
import { focusCard, stepAtHand } from './cardFocus';
import { makeCommands } from './commands';
import { KINDS } from './kinds';
import { createBuilder, ruleOf } from './store';

const wait = (id: string) => ({ id, kind: 'wait', amount: 1, unit: 'hours' });
const RULE: JSONObject = {
  dialect: 1,
  name: 'Three waits',
  nodes: [{ id: 't', kind: 'trigger', type: 'manual' }, wait('a'), wait('b'), wait('c')],
  edges: [
    ['t', 'a'],
    ['a', 'b'],
    ['b', 'c'],
  ],
};

function house(editing = true, document = RULE) {
  const of = { ruleId: 1, document, etag: '1', found: [], selected: null, view: 'list' as const };
  const store = createBuilder({ ...of, editing });
  const commands = makeCommands({
    store,
    canvas: { current: null },
    say: (key) => key,
    defaults: { mail: '', sms: '', connection: '', table: '' },
    removed: () => undefined,
    refused: () => undefined,
    titleOf: (_, id) => id,
    wordsOf: (_, id) => id,
  });
  const rule = () => {
    const now = ruleOf(store.getState().history.present);
    if (!now) throw new Error('The rule is no tree any more');
    return now;
  };
  const order = () => indexOf(rule()).order.filter((id) => id !== 't');
  const off = () =>
    rule()
      .steps.filter((step) => isOff(step.node))
      .map((step) => step.node.id);
  return { store, commands, order, off };
}

test('a step is switched off and on again by the same command, and each is told', () => {
  const { store, commands, off } = house();
  commands.toggleOff('b');
  expect(off()).toEqual(['b']);
  expect(store.getState().said).toBe('steps.said.off');
  commands.toggleOff('b');
  expect(off()).toEqual([]);
  expect(store.getState().said).toBe('steps.said.on');
});

test('the start is not switched off, nor any step of a rule that is only looked at', () => {
  const here = house();
  here.commands.toggleOff('t');
  expect(here.store.getState().history.past).toEqual([]);
  const looked = house(false);
  looked.commands.toggleOff('b');
  expect(looked.off()).toEqual([]);
});

test('a step is moved up and down by the keyboard’s command, as far as there is room', () => {
  const { commands, order } = house();
  commands.moveBy('a', 'down');
  expect(order()).toEqual(['b', 'a', 'c']);
  commands.moveBy('c', 'up');
  expect(order()).toEqual(['b', 'c', 'a']);
  commands.moveBy('b', 'up');
  expect(order()).toEqual(['b', 'c', 'a']);
});

test('undo takes back one command at a time, redo does it again', () => {
  const { commands, order, off } = house();
  commands.moveBy('a', 'down');
  commands.toggleOff('c');
  commands.undo();
  expect([order(), off()]).toEqual([['b', 'a', 'c'], []]);
  commands.undo();
  expect(order()).toEqual(['a', 'b', 'c']);
  commands.redo();
  expect([order(), off()]).toEqual([['b', 'a', 'c'], []]);
});

test('in a graph whose ways cross, what is added without a step comes at an end', () => {
  const decide = (id: string) => ({ id, kind: 'condition', logic: true });
  const crossing = {
    ...RULE,
    nodes: [{ id: 't', kind: 'trigger', type: 'manual' }, decide('a'), decide('b'), wait('c'), wait('d')],
    edges: [
      ['t', 'a'],
      ['a', 'b', 'yes'],
      ['a', 'c', 'no'],
      ['b', 'c', 'yes'],
      ['b', 'd', 'no'],
      ['c', 'd'],
    ],
  };
  const { store, commands } = house(true, crossing);
  expect(store.getState().history.present.kind).toBe('free');
  commands.openMenuAfter(null);
  expect(store.getState().menuAt).toBe('d:main:0');
  commands.openMenuAfter('a');
  expect(store.getState().menuAt).toBe('a:yes:0');
});

test('a step that was added takes the focus where the menu that it came from took it along', async () => {
  const { store, commands } = house();
  const kind = KINDS.find((one) => one.key === 'wait');
  if (!kind) throw new Error('No step waits');
  document.body.innerHTML = '<div data-card="w1"><button aria-pressed="false"></button></div><input>';
  commands.add(kind, { parent: 'root', branch: 'main', index: 0 });
  expect(store.getState().selected).toBe('w1');
  await waitFor(() =>
    expect(document.activeElement?.closest('[data-card]')?.getAttribute('data-card')).toBe('w1'),
  );
});

test('of two cards that are to get the focus the last one keeps it, though the first is drawn later', async () => {
  const card = (id: string) => `<div data-card="${id}"><button aria-pressed="false"></button></div>`;
  const focused = () => document.activeElement?.closest('[data-card]')?.getAttribute('data-card');
  document.body.innerHTML = card('b');
  focusCard('a');
  focusCard('b');
  await waitFor(() => expect(focused()).toBe('b'));
  document.body.insertAdjacentHTML('beforeend', card('a'));
  for (let frame = 0; frame < 5; frame += 1) await new Promise((drawn) => requestAnimationFrame(drawn));
  expect(focused()).toBe('b');
});

/** Cards as the page draws them; the one that is named has the focus. */
function drawn(ids: readonly string[], focused: string): () => string | null | undefined {
  document.body.innerHTML = ids
    .map((id) => `<div data-card="${id}"><button aria-pressed="false"></button></div>`)
    .join('');
  document.querySelector<HTMLElement>(`[data-card="${focused}"] button`)?.focus();
  return () => document.activeElement?.closest('[data-card]')?.getAttribute('data-card');
}

test('arrows go on from the card that has the focus, also when they come quicker than frames', async () => {
  const { store, commands } = house();
  const focused = drawn(['t', 'a', 'b', 'c'], 'a');
  commands.walk('down');
  expect(store.getState().selected).toBe('b');
  commands.walk('down');
  expect(store.getState().selected).toBe('c');
  await waitFor(() => expect(focused()).toBe('c'));
  expect(stepAtHand(store)).toBe('c');
});

test('a key is about the card that has the focus, though another step is chosen', () => {
  const { store, commands } = house();
  drawn(['t', 'a', 'b', 'c'], 'b');
  commands.select('a');
  expect(stepAtHand(store)).toBe('b');
});

test('the copy of a step is at hand at once, and gets the focus', async () => {
  const { store, commands } = house();
  const focused = drawn(['t', 'a', 'w1'], 'a');
  commands.duplicate('a');
  expect(stepAtHand(store)).toBe(store.getState().selected);
  expect(store.getState().selected).not.toBe('a');
  document.body.insertAdjacentHTML(
    'beforeend',
    `<div data-card="${store.getState().selected}"><button aria-pressed="true"></button></div>`,
  );
  await waitFor(() => expect(focused()).toBe(store.getState().selected));
});

test('when a step is gone the one before it has the focus', async () => {
  const { commands } = house();
  const focused = drawn(['t', 'a', 'c'], 'c');
  document.querySelector('button:focus')?.closest('[data-card]')?.remove();
  commands.remove('b');
  await waitFor(() => expect(focused()).toBe('a'));
});
