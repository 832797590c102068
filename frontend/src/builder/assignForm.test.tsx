/** What an assignment and an update may write into: the fields of a table, never what a request brings. */
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Subject } from '../canvas/useTables';
import { startI18n, withWords } from '../i18n';
import type { JSONObject } from '../model/json';
import type { RuleNode } from '../model/rule';
import { KINDS, newNode } from './kinds';
import { showForm, showFormOf } from './showForm';

const SOON = { timeout: 20_000 };
const column = (name: string, label: string) => ({ name, label, type: 'text', nullable: true, choices: [] });

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'builder', 'desk', 'finding', 'lamps', 'problems');
  vi.stubGlobal('fetch', async ({ url }: Request) => {
    const items = /connections$/.test(url)
      ? [{ id: 1, name: 'crm', label: 'crm', kind: 'postgres', used_by: 0 }]
      : [];
    const body = { items, next: null, columns: [column('owner', 'Owner')], name: 'public.leads', events: [] };
    return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });
  });
}, 60_000);
afterAll(() => vi.unstubAllGlobals());

/** Of a rule that a request starts: it has no table, and what the request brings stands where columns do. */
async function requested(): Promise<Partial<Subject>> {
  const { SUBJECT } = await import('../states/samples');
  return { connectionId: null, connection: '', table: '', columns: SUBJECT.columns };
}
const step = (kind: string, fields: JSONObject): RuleNode => ({ id: 's', kind: 'action', do: kind, fields });

/** What the list of this name offers. */
async function offered(name: string): Promise<(string | null)[]> {
  const input = await screen.findByRole('combobox', { name }, SOON);
  fireEvent.click(input);
  const list = () => document.getElementById(input.getAttribute('aria-controls') ?? '');
  await waitFor(() => expect(list()).toBeTruthy(), SOON);
  return [...(list()?.querySelectorAll('[role="option"]') ?? [])].map((one) => one.textContent);
}

test('a rule that a request starts has nothing to write the person into, and says so', async () => {
  await showFormOf(await requested(), step('assign', { people: ['ann'], column: '' }));
  expect(await offered('Write the person into')).toEqual(['Nowhere: later steps use it']);
  expect(screen.getByText(/^This rule starts without a record/)).toBeTruthy();
}, 60_000);

test('a step that names a table of its own is offered the fields of that one', async () => {
  const fields = { people: ['ann'], column: '', connection: 'crm', table: 'public.leads' };
  await showFormOf(await requested(), step('assign', fields));
  await waitFor(async () => {
    expect(await offered('Write the person into')).toEqual(['Owner', 'Nowhere: later steps use it']);
  }, SOON);
  expect(screen.queryByText(/^This rule starts without a record/)).toBeNull();
}, 60_000);

test('an update in such a rule is offered no field of the request', async () => {
  await showFormOf(await requested(), step('update_record', { set: {} }));
  await screen.findByText('This rule starts without a record, so there is nothing to update.', {}, SOON);
  expect(await offered('Field')).toEqual([]);
}, 60_000);

test('an assignment is added without a field to write into where the rule has no table', async () => {
  const kind = KINDS.find((one) => one.key === 'assign');
  if (kind === undefined) throw new Error('no such step');
  const none = { mail: '', connection: 'crm', sms: '' };
  expect(newNode(kind, 's', { ...none, table: '' })['fields']).toEqual({ people: [''] });
  const fields = await showForm(newNode(kind, 's', { ...none, table: 'public.leads' }));
  expect(fields()).toEqual({ people: [''], column: '' });
}, 60_000);
