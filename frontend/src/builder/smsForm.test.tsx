/** A new text message asks the do-not-call list; one that says nothing of it does not, and its switch says so. */
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { nodeIn } from '../canvas/board';
import { useWords } from '../canvas/words';
import { startI18n, withWords } from '../i18n';
import { type JSONObject, objectAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { KINDS, newNode } from './kinds';

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

/** The form of the step; gives what its fields are now. */
async function shown(node: RuleNode): Promise<() => JSONObject> {
  // The client keeps the fetch that it finds when it is loaded.
  const [{ SampleRoom }, { SUBJECT }, { ActionForm }, { FormPlaces }, { useBuilderStore, useOpened }] =
    await Promise.all([
      import('../states/SampleRoom'),
      import('../states/samples'),
      import('./ActionForm'),
      import('./FormPlaces'),
      import('./store'),
    ]);
  let fields = (): JSONObject => ({});
  const trigger: RuleNode = { id: 't', kind: 'trigger', on: 'manual' };
  function Form() {
    const store = useBuilderStore();
    fields = () => objectAt(nodeIn(store.getState().history.present, 's') ?? node, 'fields');
    const opened = nodeIn(useOpened(), 's');
    return opened ? (
      <FormPlaces step="s" problems={[]}>
        <ActionForm node={opened} />
      </FormPlaces>
    ) : null;
  }
  function Room() {
    const document = { dialect: 1, name: 'r', nodes: [trigger, node], edges: [['t', 's']] };
    return (
      <SampleRoom words={useWords(SUBJECT.tables)} dialog={null} document={document}>
        <Form />
      </SampleRoom>
    );
  }
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <Room />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return () => fields();
}

test('a step that says nothing of the list is shown as one that does not ask it, and keeps all else', async () => {
  const fields = await shown(step(GIVEN));
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
  await shown(newNode(kind, 's', { mail: '', connection: '', sms: 'texts' }));
  expect((await screen.findByRole<HTMLInputElement>('switch', { name: NAME }, SOON)).checked).toBe(true);
}, 60_000);
