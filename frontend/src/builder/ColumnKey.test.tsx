import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ColumnFacts } from '../canvas/words';
import { startI18n } from '../i18n';
import { ColumnKey } from './ColumnKey';

beforeAll(() => startI18n('en'));
afterEach(cleanup);

const DUE: ColumnFacts = { name: 'due_on', label: 'Due on', type: 'date', nullable: true, choices: [] };

function shown(value: string, known: readonly ColumnFacts[] = [DUE]) {
  const onChange = vi.fn();
  render(
    <MantineProvider env="test">
      <ColumnKey label="Field" known={known} value={value} onChange={onChange} onLeave={() => undefined} />
    </MantineProvider>,
  );
  return onChange;
}

test('a field that is known is shown and chosen by its label', async () => {
  const onChange = shown('due_on');
  expect(screen.getByRole('combobox', { name: 'Field' })).toHaveProperty('value', 'Due on');
  cleanup();
  const chosen = shown('');
  await userEvent.click(screen.getByRole('combobox', { name: 'Field' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Due on' }));
  expect(chosen).toHaveBeenCalledExactlyOnceWith('due_on');
  expect(onChange).not.toHaveBeenCalled();
});

test('a path into a row can be typed beside what is known', async () => {
  const onChange = shown('');
  await userEvent.type(screen.getByRole('combobox', { name: 'Field' }), 'owner.name');
  await userEvent.click(await screen.findByRole('option', { name: 'owner.name' }));
  expect(onChange).toHaveBeenCalledExactlyOnceWith('owner.name');
});

test.each([
  ['owner.name', 'owner.name'],
  ['Due on', 'due_on'],
  ['due_on', 'due_on'],
])('%s that was typed counts when the field is left', async (typed, key) => {
  const onChange = shown('');
  await userEvent.type(screen.getByRole('combobox', { name: 'Field' }), typed);
  await userEvent.tab();
  expect(onChange).toHaveBeenCalledExactlyOnceWith(key);
});

test('a field that is only passed stays', async () => {
  const onChange = shown('due_on');
  await userEvent.tab();
  await userEvent.tab();
  expect(onChange).not.toHaveBeenCalled();
});

test('where nothing is known of the rows, the path is a text', async () => {
  const onChange = shown('', []);
  await userEvent.type(screen.getByRole('textbox', { name: 'Field' }), 'a');
  expect(onChange).toHaveBeenCalledExactlyOnceWith('a');
});
