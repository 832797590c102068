import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, expect, test, vi } from 'vitest';
import { toProblem } from '../api/client';
import { showLanguage, startI18n } from '../i18n';
import { LoadError } from './States';

beforeAll(() => startI18n('en'));

test('another language tells a refusal by its code, and in English what it has no words for', async () => {
  await showLanguage('ru');
  const told = (code: string) => {
    const { unmount } = render(
      <MantineProvider env="test">
        <LoadError
          title="Нет"
          error={toProblem(409, { code, detail: 'Said in English.' })}
          onRetry={() => {}}
        />
      </MantineProvider>,
    );
    const words = screen.getByRole('alert').textContent;
    unmount();
    return words;
  };
  expect(told('rule-archived')).toContain('Правило в архиве.');
  expect(told('unheard-of')).toContain('Said in English.');
  await showLanguage('en');
});

test.each([
  [500, 'Произошло что-то непредвиденное'],
  [502, 'Сейчас недоступно'],
])('a %i without words of its own is told in the language', async (status, words) => {
  await showLanguage('ru');
  render(
    <MantineProvider env="test">
      <LoadError title="Нет" error={toProblem(status, null)} onRetry={() => {}} />
    </MantineProvider>,
  );
  expect(screen.getByRole('alert').textContent).toContain(words);
  expect(screen.getByRole('alert').textContent).not.toContain('HTTP');
  await showLanguage('en');
});

test('a list that could not be loaded says why and offers another try', async () => {
  const retry = vi.fn();
  render(
    <MantineProvider env="test">
      <LoadError
        title="We could not load your rules"
        error={toProblem(500, { detail: 'The database is away.' })}
        onRetry={retry}
      />
    </MantineProvider>,
  );
  expect(screen.getByRole('alert')).toHaveTextContent('The database is away.');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retry).toHaveBeenCalledOnce();
});

test.each([
  ['role-too-weak', 'Your role does not allow this.'],
  ['csrf', 'Reload the page.'],
])('a refusal with the code %s is told as %j', (code, words) => {
  render(
    <MantineProvider env="test">
      <LoadError title="No" error={toProblem(403, { code, detail: 'Reload the page.' })} onRetry={() => {}} />
    </MantineProvider>,
  );
  expect(screen.getByRole('alert')).toHaveTextContent(words);
});
