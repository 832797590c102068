/** A report of what an earlier step found says how many of them it can hold. */
import { cleanup, screen } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startI18n, withWords } from '../i18n';
import type { JSONObject } from '../model/json';
import { showForm } from './showForm';

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

const REPORT = { title: 'Callbacks', rows: { var: 'steps.f.output.records' } };

async function shown(search: JSONObject): Promise<void> {
  const fields = { table: 'public.leads', where: true, ...search };
  await showForm(
    { id: 'f', kind: 'action', do: 'find_records', fields },
    { id: 's', kind: 'action', do: 'make_report', fields: REPORT },
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
