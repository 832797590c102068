import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { makeWords } from '../canvas/words';
import { showLanguage, startI18n } from '../i18n';
import { ROOT } from '../model/rule';
import { SampleRoom } from '../states/SampleRoom';
import { TABLES } from '../states/samples';
import { AddMenu } from './AddMenu';

beforeAll(() => startI18n('en'));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function shown(): HTMLElement {
  render(
    <MantineProvider env="test">
      <SampleRoom dialog="" words={makeWords((key) => key, 'en', TABLES)}>
        <AddMenu slot={{ parent: ROOT, branch: 'main', index: 0 }} close={() => undefined} />
      </SampleRoom>
    </MantineProvider>,
  );
  return screen.getByRole('combobox');
}

test('the arrows bring the step that they come to into sight', async () => {
  const seen = vi.spyOn(HTMLElement.prototype, 'scrollIntoView');
  const search = shown();
  await userEvent.type(search, '{ArrowDown>12/}');
  const active = screen.getByRole('option', { selected: true });
  expect(search.getAttribute('aria-activedescendant')).toBe(active.id);
  expect(seen.mock.contexts.at(-1)).toBe(active);
});

test.each([
  ['en', 'condition', 'If / otherwise'],
  ['en', 'approve', 'Ask for approval'],
  ['en', 'send phone', 'Send a text message'],
  ['ko', '조건', '만약 / 아니면'],
  ['ko', '지연', '대기'],
  ['zh', '条件', '如果 / 否则'],
  ['zh', '审批', '请求批准'],
  ['ru', 'отчет', 'Создать отчёт'],
  ['ru', 'почта', 'Отправить письмо'],
  ['ru', 'условие', 'Если / иначе'],
] as const)('in %s what people call it, %s, finds the step', async (language, typed, name) => {
  await showLanguage(language);
  await userEvent.type(shown(), typed);
  expect(screen.getByRole('option', { selected: true }).textContent).toContain(name);
  await showLanguage('en');
});

test.each([
  ['sms', 'Send a text message'],
  ['http', 'Ask another system'],
])('the short name %s finds the step in every language', async (typed, name) => {
  await userEvent.type(shown(), typed);
  expect(screen.getByRole('option', { selected: true }).textContent).toContain(name);
});
