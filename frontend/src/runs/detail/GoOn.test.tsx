import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Run } from '../../api/types';
import { i18next, startI18n } from '../../i18n';
import runDetail from '../../i18n/en/runDetail.json';
import { open } from '../../model/graph';
import type { JSONObject } from '../../model/json';
import { renderInApp } from '../../ui/renderInApp';

const sent: unknown[] = [];

beforeAll(async () => {
  await startI18n('en');
  i18next.addResourceBundle('en', 'translation', { runDetail }, true, true);
});
afterEach(() => vi.unstubAllGlobals());

const NOW = '2026-05-01T09:00:00+00:00';

const WORDS = { now: runDetail.goOn.now, late: runDetail.goOn.late };

/** A run of a rule that only waits, so. */
function resting(kind: string, state: Run['state'], document: JSONObject): Run {
  return {
    attempts: {},
    can_cancel: true,
    can_retry: false,
    can_settle: false,
    created_at: NOW,
    document,
    duration_ms: null,
    error: '',
    event: { at: NOW, id: 1, key: {}, lane: 0, log: 0, op: 'manual', table: '@manual' },
    fault: null,
    finished_at: null,
    id: 7,
    layout: {},
    listed: [],
    live_version: 1,
    merges: 0,
    not_before: null,
    path: '',
    record_key: '',
    record_label: '',
    record_table: '',
    related: null,
    rule_id: 1,
    rule_name: 'Wait',
    started_at: NOW,
    state,
    trace: { outcome: 'waiting', steps: [{ node: 'w', kind, state: 'waiting' }] },
    turn: null,
    version: 1,
    wake_at: null,
  };
}

async function shown(kind: string, fields: JSONObject, state: Run['state'] = 'waiting'): Promise<string[]> {
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(await request.json());
    return new Response('{}', { status: 200, headers: { 'Content-Type': 'application/json' } });
  });
  // The client keeps the fetch that it finds when it is loaded.
  const { GoOn } = await import('./GoOn');
  const nodes = [
    { id: 't', kind: 'trigger', on: 'manual' },
    { id: 'w', kind, ...fields },
  ];
  const document = { dialect: 1, name: 'Wait', nodes, edges: [['t', 'w']] };
  renderInApp(<GoOn run={resting(kind, state, document)} opened={open(document)} />);
  return screen.queryAllByRole('button').map((one) => one.textContent ?? '');
}

const EVENT = { event: 'order.paid', at_most: { amount: 1, unit: 'days' } };
const TIME = { amount: 3, unit: 'days' };

test.each([
  ['wait', TIME, 'waiting', [WORDS.now]],
  ['wait', EVENT, 'waiting', [WORDS.now, WORDS.late]],
  ['wait', TIME, 'succeeded', []],
  ['action', { do: 'ask_approval', fields: {} }, 'waiting', []],
  ['for_each', { over: { var: 'after.lines' } }, 'waiting', []],
] as const)(
  'a run that rests at %s %j and is %s offers the ways that there are',
  async (kind, fields, state, names) => {
    expect(await shown(kind, fields, state)).toEqual(names);
  },
);

test('what going on means is said first, and what was chosen is done', async () => {
  await shown('wait', EVENT);
  fireEvent.click(screen.getByText(WORDS.late));
  await screen.findByText(runDetail.goOn.lateText, {}, { timeout: 10_000 });
  expect(sent).toEqual([]);
  const named = screen.getAllByText(WORDS.late);
  fireEvent.click(named[named.length - 1] ?? document.body);
  await waitFor(() => expect(sent).toEqual([{ way: 'late' }]), { timeout: 10_000 });
});
