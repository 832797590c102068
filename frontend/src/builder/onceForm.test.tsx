/** How often a rule runs for the same record: asked where its start has records, and gone with them. */
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { useWords } from '../canvas/words';
import { startI18n, withWords } from '../i18n';
import { documentOf } from '../model/graph';
import type { JSONObject } from '../model/json';
import { renderInApp } from '../ui/renderInApp';

const SOON = { timeout: 20_000 };
const LABEL = 'For each record';
const LEADS = { connection: 'crm', table: 'public.leads' };
const CHANGE = { on: 'change', ...LEADS, events: ['update'] };
const VISITS = { on: 'schedule', schedule: { repeat: 'day', at: '09:00', zone: 'UTC' }, ...LEADS };

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'builder', 'finding', 'hours', 'problems', 'schedule', 'timing');
  vi.stubGlobal('fetch', answer);
  vi.stubGlobal('scrollTo', () => undefined);
}, 60_000);
afterAll(() => vi.unstubAllGlobals());

const OPEN = { open: true, closes_at: null, opens_at: null };
const WEEK = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };

/** As little of a server as the form asks for; the calendar of the workspace is one of Seoul. */
async function answer({ url }: Request): Promise<Response> {
  const calendar = { id: 1, name: 'Office', zone: 'Asia/Seoul', default: true, week: WEEK, now: OPEN };
  const items = /calendars$/.test(url)
    ? [calendar]
    : /connections\b/.test(url)
      ? [{ id: 1, name: 'crm', label: 'CRM', kind: 'postgres', used_by: 0 }]
      : [];
  const next = /preview$/.test(url) ? [] : null;
  const body = { items, next, problems: [], now: null, holidays: 0, held: 0, automatic: null, columns: [] };
  return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });
}

/** The form of a start. Gives what the rule is now. */
async function show(start: JSONObject, policy?: JSONObject): Promise<() => JSONObject> {
  // The client keeps the fetch that it finds when it is loaded.
  const [{ SampleRoom }, { SUBJECT }, { StartForm }, { FormPlaces }, { useBuilderStore, useOpened }, board] =
    await Promise.all([
      import('../states/SampleRoom'),
      import('../states/samples'),
      import('./StartForm'),
      import('./FormPlaces'),
      import('./store'),
      import('../canvas/board'),
    ]);
  const document = {
    dialect: 1,
    name: 'r',
    ...(policy && { policy }),
    nodes: [{ id: 't', kind: 'trigger', ...start }],
    edges: [],
  };
  let now = (): JSONObject => document;
  function Form() {
    const store = useBuilderStore();
    now = () => documentOf(store.getState().history.present);
    const node = board.nodeIn(useOpened(), 't');
    return node ? (
      <FormPlaces step="t" problems={[]}>
        <StartForm node={node} />
      </FormPlaces>
    ) : null;
  }
  function Room() {
    return (
      <SampleRoom words={useWords(SUBJECT.tables)} dialog={null} document={document}>
        <Form />
      </SampleRoom>
    );
  }
  const router = createRouter({
    routeTree: createRootRoute({ component: Room }),
    history: createMemoryHistory(),
  });
  renderInApp(<RouterProvider router={router} />);
  await screen.findByLabelText('What starts this rule?', { selector: 'input' }, SOON);
  return () => now();
}

const asked = () => screen.queryByLabelText<HTMLInputElement>(LABEL, { selector: 'input' });

/** Opens a list by its label and takes one of what it offers. */
async function choose(label: string, option: string): Promise<void> {
  const input = await screen.findByLabelText(label, { selector: 'input' }, SOON);
  fireEvent.click(input);
  const list = () => document.getElementById(input.getAttribute('aria-controls') ?? '');
  const named = () =>
    [...(list()?.querySelectorAll('[role="option"]') ?? [])].find((one) => one.textContent === option);
  await waitFor(() => expect(named()).toBeTruthy(), SOON);
  fireEvent.click(named() ?? input);
}

test('it is every time until something else is chosen, and nothing is left of it where it is again', async () => {
  const rule = await show(CHANGE, { overlap: 'skip' });
  expect(asked()?.value).toBe('Run every time');
  await choose(LABEL, 'Run once');
  await waitFor(() => expect(rule()['policy']).toEqual({ overlap: 'skip', once: 'record' }), SOON);
  expect(screen.getByText(/Runs that were skipped do not count\.$/).textContent).toMatch(
    /^A record that had/,
  );
  await choose(LABEL, 'Run every time');
  await waitFor(() => expect(rule()['policy']).toEqual({ overlap: 'skip' }), SOON);
  expect(screen.queryByText(/Runs that were skipped do not count/)).toBeNull();
}, 60_000);

test('of a day it says whose: that of the rule’s own hours, else of the workspace', async () => {
  const rule = await show(CHANGE);
  await choose(LABEL, 'Run once a day');
  await waitFor(() => expect(rule()['policy']).toEqual({ once: 'day' }), SOON);
  expect(await screen.findByText(/^The day is that of Asia\/Seoul\./, {}, SOON)).toBeTruthy();
  await choose('When may it run?', 'Own hours…');
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(await screen.findByText(new RegExp(`^The day is that of ${zone}\\.`), {}, SOON)).toBeTruthy();
}, 60_000);

test.each<[string, JSONObject]>([
  ['a plain schedule', { on: 'schedule', schedule: VISITS.schedule }],
  ['a webhook', { on: 'webhook' }],
  ['a person', { on: 'manual', ...LEADS }],
])(
  '%s is not asked',
  async (_name, start) => {
    await show(start);
    await screen.findByLabelText('If this rule is still busy with the same record', {}, SOON);
    expect(asked()).toBeNull();
  },
  60_000,
);

test('what JSON says of a start without records is shown, so that it can be taken back', async () => {
  const rule = await show({ on: 'webhook' }, { once: 'day' });
  await choose(LABEL, 'Run every time');
  await waitFor(() => expect(rule()['policy']).toEqual({}), SOON);
  expect(asked()).toBeNull();
}, 60_000);

test('it goes with the records when a schedule visits none any more', async () => {
  const rule = await show(VISITS, { once: 'record', limit: 5 });
  expect(asked()?.value).toBe('Run once');
  fireEvent.click(screen.getByRole('switch', { name: /^Look at every record of a table/ }));
  await waitFor(() => expect(rule()['policy']).toEqual({ limit: 5 }), SOON);
  expect(
    await screen.findByLabelText('If this rule is still busy with the same record', {}, SOON),
  ).toBeTruthy();
  expect(asked()).toBeNull();
}, 60_000);

test('a start of another kind keeps it where it has records, and loses it where it has none', async () => {
  const rule = await show(CHANGE, { once: 'record' });
  await choose('What starts this rule?', 'A record is created');
  await waitFor(() => expect(JSON.stringify(rule()['nodes'])).toContain('insert'), SOON);
  expect(rule()['policy']).toEqual({ once: 'record' });
  await choose('What starts this rule?', 'Someone presses Run');
  await waitFor(() => expect(rule()['policy']).toEqual({}), SOON);
}, 60_000);
