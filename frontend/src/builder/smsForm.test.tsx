/** A new text message asks the do-not-call list; one that says nothing of it does not, and its switch says so. */
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startI18n, withWords } from '../i18n';
import type { JSONObject } from '../model/json';
import type { RuleNode } from '../model/rule';
import { KINDS, newNode } from './kinds';
import { showForm } from './showForm';

const SOON = { timeout: 20_000 };
const NAME = /^Not to numbers on the do-not-call list/;
const GIVEN = { connection: 'texts', to: '+821012345678', text: 'Hi' };
const SMS = { id: 1, name: 'texts', label: 'texts', kind: 'sms', used_by: 0 };

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'builder', 'desk', 'finding', 'lamps', 'problems');
  vi.stubGlobal('fetch', async () => {
    const body = JSON.stringify({ items: [SMS], next: null });
    return new Response(body, { headers: { 'Content-Type': 'application/json' } });
  });
}, 60_000);
afterAll(() => vi.unstubAllGlobals());

const step = (fields: JSONObject): RuleNode => ({ id: 's', kind: 'action', do: 'send_sms', fields });

test('a step that says nothing of the list is shown as one that does not ask it, and keeps all else', async () => {
  const fields = await showForm(step(GIVEN));
  const asks = await screen.findByRole<HTMLInputElement>('switch', { name: NAME }, SOON);
  expect(asks.checked).toBe(false);
  fireEvent.click(asks);
  await waitFor(() => expect(fields()).toEqual({ ...GIVEN, unless_listed: true }), SOON);
  expect(asks.checked).toBe(true);
  fireEvent.click(asks);
  await waitFor(() => expect(fields()).toEqual(GIVEN), SOON);
  expect(screen.queryByText(/^Set in JSON as well/)).toBeNull();
}, 60_000);

test('a step that is added asks it', async () => {
  const kind = KINDS.find((one) => one.key === 'send_sms');
  if (kind === undefined) throw new Error('no such step');
  await showForm(newNode(kind, 's', { mail: '', connection: '', sms: 'texts', table: '' }));
  expect((await screen.findByRole<HTMLInputElement>('switch', { name: NAME }, SOON)).checked).toBe(true);
}, 60_000);
