import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { SearchField } from './SearchField';

function shown(value: string | undefined, onFind: (words: string) => void) {
  return (
    <MantineProvider env="test">
      <SearchField label="Search" value={value} onFind={onFind} />
    </MantineProvider>
  );
}

const type = (words: string) =>
  fireEvent.change(screen.getByLabelText('Search'), { target: { value: words } });

test('what was typed last is asked for once, without the spaces around it', async () => {
  const find = vi.fn();
  render(shown(undefined, find));
  type('ne');
  type(' new ');
  await waitFor(() => expect(find).toHaveBeenCalled(), { timeout: 10_000 });
  expect(find.mock.calls).toEqual([['new']]);
});

test('an answer that comes back late takes no letter that was typed since', async () => {
  const find = vi.fn();
  const { rerender } = render(shown('', find));
  type('ne');
  await waitFor(() => expect(find).toHaveBeenCalledWith('ne'), { timeout: 10_000 });
  type('new');
  rerender(shown('ne', find));
  expect(screen.getByLabelText('Search')).toHaveValue('new');
  await waitFor(() => expect(find).toHaveBeenLastCalledWith('new'), { timeout: 10_000 });
});

test('a search that is cleared elsewhere is cleared here, and what waited is not asked for', async () => {
  const find = vi.fn();
  const { rerender } = render(shown('old', find));
  type('older');
  rerender(shown(undefined, find));
  expect(screen.getByLabelText('Search')).toHaveValue('');
  type('x');
  await waitFor(() => expect(find).toHaveBeenCalled(), { timeout: 10_000 });
  expect(find.mock.calls).toEqual([['x']]);
});
