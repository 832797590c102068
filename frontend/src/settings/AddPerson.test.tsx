import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { startI18n } from '../i18n';
import { renderInApp } from '../ui/renderInApp';

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
  renderInApp(<AddPerson onClose={close} />);
  // By label and not by role: reading every role of a dialog takes seconds here.
  const type = (label: string, words: string) =>
    fireEvent.change(screen.getByLabelText(label), { target: { value: words } });
  const [language] = screen.getAllByLabelText('언어');
  expect(language).toHaveValue('한국어');
  type('이름', 'Vera');
  type('이메일', 'vera@example.com');
  type('첫 비밀번호', 'correct horse');
  fireEvent.click(screen.getByText('Русский'));
  fireEvent.click(screen.getByText('추가'));
  await waitFor(() => expect(close).toHaveBeenCalled(), { timeout: 10_000 });
  expect(sent).toEqual([expect.objectContaining({ name: 'Vera', role: 'editor', language: 'ru' })]);
}, 30_000);
