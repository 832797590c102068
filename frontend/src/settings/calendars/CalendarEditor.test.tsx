import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startI18n, withWords } from '../../i18n';
import { newCalendar } from './draft';

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'calendars', 'hours', 'problems');
});
afterEach(() => vi.unstubAllGlobals());

const CALENDAR = { ...newCalendar('Seoul office', 'Asia/Seoul'), id: 7, etag: 'a1' };
const CHECKED = { now: null, openings: [], problems: [], zone: 'Asia/Seoul', holidays: 0 };

const answer = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

test('what was changed stays when the calendar is read again, and when it cannot be saved', async () => {
  const waiting: (() => void)[] = [];
  let slow = false;
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'PUT')
      return answer({ code: 'stale', title: 'Changed', detail: 'Ann changed it.' }, 412);
    if (request.url.endsWith('/check')) return answer(CHECKED);
    if (slow) await new Promise<void>((go) => waiting.push(go));
    return answer(CALENDAR);
  });
  // The client keeps the fetch that it finds when it is loaded.
  const { createQueryClient } = await import('../../api/queryClient');
  const { CalendarEditor } = await import('./CalendarEditor');
  const queries = createQueryClient();
  const close = vi.fn();
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <CalendarEditor id={7} fresh={newCalendar('', 'UTC')} onClose={close} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  const name = await screen.findByLabelText('Name', {}, { timeout: 10_000 });
  expect(name).toHaveValue('Seoul office');
  fireEvent.change(name, { target: { value: 'Seoul and Busan' } });
  slow = true;
  // As when somebody comes back from another window.
  void queries.invalidateQueries({ queryKey: ['calendars'] });
  await waitFor(() => expect(waiting).toHaveLength(1), { timeout: 10_000 });
  await act(async () => waiting.shift()?.());
  expect(screen.getByLabelText('Name')).toHaveValue('Seoul and Busan');
  fireEvent.click(screen.getByText('Save'));
  // What is saved in vain is read again, too.
  await waitFor(() => expect(waiting).toHaveLength(1), { timeout: 10_000 });
  await act(async () => waiting.shift()?.());
  await waitFor(() => expect(screen.getByRole('alert')).toBeTruthy(), { timeout: 10_000 });
  expect(screen.getByLabelText('Name')).toHaveValue('Seoul and Busan');
  expect(close).not.toHaveBeenCalled();
}, 30_000);

test('days that are listed and not put in are asked about before the calendar is saved', async () => {
  const sent: unknown[] = [];
  const eve = { on: '2026-09-24', name: 'The day before' };
  const list = { holidays: [eve, { on: '2026-09-25', name: 'Chuseok' }], make_up: [], years: [2026] };
  vi.resetModules();
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'PUT') sent.push(await request.json());
    if (request.url.endsWith('/check')) return answer(CHECKED);
    if (request.url.endsWith('/read')) return answer({ ...list, faults: [], problems: [] });
    return answer({ ...CALENDAR, holidays: [eve] });
  });
  const { createQueryClient } = await import('../../api/queryClient');
  const { CalendarEditor } = await import('./CalendarEditor');
  const close = vi.fn();
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <CalendarEditor id={7} fresh={newCalendar('', 'UTC')} onClose={close} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  fireEvent.click(await screen.findByText('Paste a list', {}, { timeout: 10_000 }));
  fireEvent.change(screen.getByLabelText(/One date per line/), { target: { value: '2026-09-25 Chuseok' } });
  await screen.findByText('Chuseok', {}, { timeout: 10_000 });
  fireEvent.click(screen.getByText('Save'));
  const put = await screen.findByText('Put in and save', {}, { timeout: 10_000 });
  expect(screen.getByText('1 day of the list is not in the calendar yet')).toBeTruthy();
  fireEvent.click(put);
  await waitFor(() => expect(close).toHaveBeenCalled(), { timeout: 10_000 });
  expect(sent).toEqual([expect.objectContaining({ holidays: list.holidays, years: [2026] })]);
}, 30_000);
