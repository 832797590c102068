/** A wait that becomes one of another kind keeps what is done when it does not come in time, or asks before it goes. */
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startI18n, withWords } from '../i18n';
import type { JSONObject } from '../model/json';
import { showFormIn } from './showForm';

const SOON = { timeout: 20_000 };
const EDGES = [
  ['t', 's'],
  ['s', 'l', 'late'],
  ['l', 'm'],
];
const note = (id: string): JSONObject => ({ id, kind: 'action', do: 'notify', fields: { title: id } });
const RULE: JSONObject = {
  dialect: 1,
  name: 'r',
  nodes: [
    { id: 't', kind: 'trigger', on: 'manual' },
    { id: 's', kind: 'wait', event: 'paid', at_most: { amount: 3, unit: 'days' } },
    note('l'),
    note('m'),
  ],
  edges: EDGES,
};
const GOES = 'Take “If it does not come in time” away?';

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'builder', 'finding', 'lamps', 'problems', 'waits', 'ways');
  vi.stubGlobal('fetch', async () => {
    const body = JSON.stringify({ items: [], next: null });
    return new Response(body, { headers: { 'Content-Type': 'application/json' } });
  });
}, 60_000);
afterAll(() => vi.unstubAllGlobals());

let rule: () => JSONObject;
beforeEach(async () => {
  rule = await showFormIn(RULE);
}, 60_000);

/** Chooses another kind of wait by what it is called. */
async function become(kind: string): Promise<void> {
  const input = await screen.findByLabelText('Wait', { selector: 'input' }, SOON);
  fireEvent.click(input);
  const list = () => document.getElementById(input.getAttribute('aria-controls') ?? '');
  const option = () =>
    [...(list()?.querySelectorAll('[role="option"]') ?? [])].find((one) => one.textContent === kind);
  await waitFor(() => expect(option()).toBeTruthy(), SOON);
  fireEvent.click(option() ?? input);
}

test('the kinds that may be late keep the steps', async () => {
  await become('Until something holds for the record');
  await waitFor(() => expect(JSON.stringify(rule()['nodes'])).toContain('"logic"'), SOON);
  expect(rule()['edges']).toEqual(EDGES);
}, 60_000);

test('a kind that is never late asks first, and Cancel leaves everything as it is', async () => {
  await become('For some time');
  await screen.findByText(GOES, {}, SOON);
  expect(rule()).toEqual(RULE);
  fireEvent.click(screen.getByText('Leave the wait as it is'));
  await waitFor(() => expect(screen.queryByText(GOES)).toBeNull(), SOON);
  expect(rule()).toEqual(RULE);
}, 60_000);

test('what is taken away was asked about', async () => {
  await become('Until a date');
  fireEvent.click(await screen.findByText('Remove its 2 steps', {}, SOON));
  await waitFor(() => expect(rule()['edges']).toEqual([['t', 's']]), SOON);
}, 60_000);
