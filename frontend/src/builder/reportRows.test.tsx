/** A report of what an earlier step found says how many of them it can hold. */
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { nodeIn } from '../canvas/board';
import { useWords } from '../canvas/words';
import { startI18n, withWords } from '../i18n';
import type { JSONObject } from '../model/json';

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'builder', 'finding', 'lamps', 'problems', 'reports');
  vi.stubGlobal('fetch', async () => {
    const body = JSON.stringify({ items: [], next: null });
    return new Response(body, { headers: { 'Content-Type': 'application/json' } });
  });
}, 60_000);
afterEach(cleanup);
afterAll(() => vi.unstubAllGlobals());

async function shown(search: JSONObject): Promise<void> {
  // The client keeps the fetch that it finds when it is loaded.
  const [{ SampleRoom }, { SUBJECT }, { ActionForm }, { FormPlaces }, { useOpened }] = await Promise.all([
    import('../states/SampleRoom'),
    import('../states/samples'),
    import('./ActionForm'),
    import('./FormPlaces'),
    import('./store'),
  ]);
  const report = { title: 'Callbacks', rows: { var: 'steps.f.output.records' } };
  const document = {
    dialect: 1,
    name: 'r',
    nodes: [
      { id: 't', kind: 'trigger', on: 'manual' },
      {
        id: 'f',
        kind: 'action',
        do: 'find_records',
        fields: { table: 'public.leads', where: true, ...search },
      },
      { id: 's', kind: 'action', do: 'make_report', fields: report },
    ],
    edges: [
      ['t', 'f'],
      ['f', 's'],
    ],
  };
  function Form() {
    const opened = nodeIn(useOpened(), 's');
    return opened ? (
      <FormPlaces step="s" problems={[]}>
        <ActionForm node={opened} />
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
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <Room />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

test.each([
  [{}, 'At most 100 records: “Keep at most” of the step that finds them.'],
  [{ limit: 1 }, 'At most 1 record: “Keep at most” of the step that finds them.'],
])(
  'a search that says %o',
  async (search, words) => {
    await shown(search);
    expect(await screen.findByText((text) => text.startsWith(words), {}, { timeout: 20_000 })).toBeTruthy();
  },
  60_000,
);
