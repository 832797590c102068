/** What loads late above the first option takes the highlight, unless the reader moved it. */
import { Combobox, MantineProvider, useCombobox } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { useTopHighlight } from './useTopHighlight';

function List({ names, onTake }: { names: readonly string[]; onTake: (name: string) => void }) {
  const combobox = useCombobox({ defaultOpened: true });
  const highlight = useTopHighlight(combobox, String(names.length));
  return (
    <MantineProvider env="test">
      <Combobox store={combobox} onOptionSubmit={onTake}>
        <Combobox.Target targetType="button">
          <button type="button">Open</button>
        </Combobox.Target>
        <Combobox.Dropdown>
          <Combobox.Search aria-label="Search" onKeyDown={highlight.onKeyDown} />
          <Combobox.Options>
            {names.map((name) => (
              <Combobox.Option key={name} value={name}>
                {name}
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </MantineProvider>
  );
}

beforeEach(() => {
  Element.prototype.scrollIntoView = () => undefined;
});

const highlighted = (): string | null =>
  document.querySelector('[data-combobox-selected]')?.textContent ?? null;

function setUp() {
  const taken: string[] = [];
  const list = (names: readonly string[]) => <List names={names} onTake={(name) => taken.push(name)} />;
  const { rerender } = render(list(['Look', 'Lead 1']));
  return { taken, show: (names: readonly string[]) => rerender(list(names)) };
}

test('the highlight goes to what loaded above', () => {
  const { taken, show } = setUp();
  expect(highlighted()).toBe('Look');
  show(['Run 1', 'Look', 'Lead 1']);
  expect(highlighted()).toBe('Run 1');
  fireEvent.keyDown(screen.getByLabelText('Search'), { key: 'Enter', code: 'Enter' });
  expect(taken).toEqual(['Run 1']);
});

test('one that was moved stays where it is, and Enter takes it', async () => {
  const { taken, show } = setUp();
  fireEvent.keyDown(screen.getByLabelText('Search'), { key: 'ArrowDown', code: 'ArrowDown' });
  expect(highlighted()).toBe('Lead 1');
  show(['Run 1', 'Look', 'Lead 1']);
  expect(highlighted()).toBe('Lead 1');
  await expect
    .poll(
      () => {
        taken.length = 0;
        fireEvent.keyDown(screen.getByLabelText('Search'), { key: 'Enter', code: 'Enter' });
        return taken;
      },
      { timeout: 10_000 },
    )
    .toEqual(['Lead 1']);
});
