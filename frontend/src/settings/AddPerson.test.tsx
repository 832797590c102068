import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { startI18n } from '../i18n';

afterEach(() => vi.unstubAllGlobals());

test('a person is added with the language of whoever adds them, unless another is chosen', async () => {
  await startI18n('ko');
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(await request.json());
    return new Response('{}', { status: 201, headers: { 'Content-Type': 'application/json' } });
  });
  // The client keeps the fetch that it finds when it is loaded.
  const { AddPerson } = await import('./AddPerson');
  const close = vi.fn();
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <AddPerson onClose={close} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  expect(screen.getByRole('combobox', { name: '언어' })).toHaveValue('한국어');
  await userEvent.type(screen.getByRole('textbox', { name: '이름' }), 'Vera');
  await userEvent.type(screen.getByRole('textbox', { name: '이메일' }), 'vera@example.com');
  await userEvent.type(screen.getByLabelText('첫 비밀번호'), 'correct horse');
  await userEvent.click(screen.getByRole('combobox', { name: '언어' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Русский' }));
  await userEvent.click(screen.getByRole('button', { name: '추가' }));
  await waitFor(() => expect(close).toHaveBeenCalled(), { timeout: 10_000 });
  expect(sent).toEqual([expect.objectContaining({ name: 'Vera', role: 'editor', language: 'ru' })]);
});
