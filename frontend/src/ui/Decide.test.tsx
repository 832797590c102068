import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { i18next, startI18n } from '../i18n';
import approval from '../i18n/en/approval.json';
import { Decide, Decided } from './Decide';

beforeAll(async () => {
  await startI18n('en');
  i18next.addResourceBundle('en', 'translation', { approval }, true, true);
});
afterEach(cleanup);

function shown(commentNeeded: boolean) {
  const onAnswer = vi.fn();
  render(
    <MantineProvider env="test">
      <Decide question="Order it?" commentNeeded={commentNeeded} busy={null} onAnswer={onAnswer} />
    </MantineProvider>,
  );
  return onAnswer;
}

test('the buttons say what they decide, and what was written goes along', async () => {
  const onAnswer = shown(false);
  await userEvent.type(screen.getByLabelText('Comment'), 'Go on');
  await userEvent.click(screen.getByRole('button', { name: 'Approve: Order it?' }));
  expect(onAnswer).toHaveBeenCalledExactlyOnceWith({ answer: 'approved', comment: 'Go on' });
});

test('a refusal that needs a reason asks for it first, and an approval does not', async () => {
  const onAnswer = shown(true);
  await userEvent.click(screen.getByRole('button', { name: /^Refuse/ }));
  expect(onAnswer).not.toHaveBeenCalled();
  const field = screen.getByLabelText('Comment (needed to refuse)');
  expect(document.activeElement).toBe(field);
  expect(screen.getByText('Say why you refuse.')).toBeTruthy();
  await userEvent.type(field, 'Too dear');
  await userEvent.click(screen.getByRole('button', { name: /^Refuse/ }));
  expect(onAnswer).toHaveBeenLastCalledWith({ answer: 'refused', comment: 'Too dear' });
  cleanup();
  const approving = shown(true);
  await userEvent.click(screen.getByRole('button', { name: /^Approve/ }));
  expect(approving).toHaveBeenCalledExactlyOnceWith({ answer: 'approved', comment: '' });
});

test.each([
  ['approved', 'Kim approved this'],
  ['refused', 'Kim refused this'],
  ['late', 'The time for an answer is over. The rule has gone on without one.'],
  ['cancelled', 'The run that asked has ended: no answer is needed any more.'],
] as const)('what became of a question is said: %s', (standing, words) => {
  render(
    <MantineProvider env="test">
      <Decided standing={standing} name="Kim" comment="" />
    </MantineProvider>,
  );
  expect(screen.getByText(words)).toBeTruthy();
});
