import { MantineProvider, Select } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hearEnter } from './takeHighlighted';
import { theme } from './theme';

let stop = () => {};
beforeEach(() => {
  stop = hearEnter();
});
afterEach(() => {
  stop();
  vi.restoreAllMocks();
});

function opened(onChange: (chosen: string | null) => void): HTMLElement {
  render(
    <MantineProvider theme={theme}>
      <Select label="Goes to" searchable data={['Looked at', 'Won', 'End']} value="End" onChange={onChange} />
    </MantineProvider>,
  );
  const field = screen.getByRole('combobox', { name: 'Goes to' });
  act(() => field.focus());
  return field;
}

/** Down to the one choice that is left, and Enter. */
function take(field: HTMLElement, before: () => void): void {
  fireEvent.keyDown(field, { key: 'ArrowDown', code: 'ArrowDown' });
  before();
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
}

test('Enter takes the highlighted choice, though the list is still busy with having been opened', () => {
  const late: (() => void)[] = [];
  const timer = vi.spyOn(window, 'setTimeout').mockImplementation((then) => {
    if (typeof then === 'function') late.push(() => then());
    return setInterval(() => undefined, 1e6);
  });
  const onChange = vi.fn();
  const field = opened(onChange);
  fireEvent.change(field, { target: { value: 'Looked' } });
  timer.mockRestore();
  take(field, () => {
    for (const then of late) act(then);
  });
  expect(onChange.mock.calls.map(([chosen]) => chosen)).toEqual(['Looked at']);
});

test('where the list has taken it already, it is taken once', () => {
  const onChange = vi.fn();
  const field = opened(onChange);
  fireEvent.change(field, { target: { value: 'Won' } });
  take(field, () => undefined);
  expect(onChange).toHaveBeenCalledTimes(1);
});

test('the Enter that ends a syllable of Korean takes nothing, also where the browser has ended it already', () => {
  const onChange = vi.fn();
  const field = opened(onChange);
  fireEvent.change(field, { target: { value: 'Won' } });
  fireEvent.keyDown(field, { key: 'ArrowDown', code: 'ArrowDown' });
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter', keyCode: 229 });
  expect(onChange).not.toHaveBeenCalled();
});
