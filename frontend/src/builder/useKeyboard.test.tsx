/** One Escape closes one thing: what lies over the builder, then what is open in it, then the choice of a step. */
import { MantineProvider, Menu, Modal } from '@mantine/core';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { makeCommands } from './commands';
import { type BuilderStore, createBuilder } from './store';
import { useKeyboard } from './useKeyboard';

const document = {
  dialect: 1,
  name: 'r',
  nodes: [
    { id: 't', kind: 'trigger', on: 'manual' },
    { id: 'a', kind: 'action', do: 'notify', fields: {} },
  ],
  edges: [['t', 'a']],
};

function made(): BuilderStore {
  return createBuilder({
    ruleId: 1,
    document,
    etag: '',
    found: [],
    editing: true,
    selected: 'a',
    view: 'list',
  });
}

/** The builder's keys, a dialog and a menu that close slowly, as for people who did not ask for less motion. */
function Room({ store }: { store: BuilderStore }) {
  const [asked, setAsked] = useState(true);
  const commands = makeCommands({
    store,
    canvas: { current: null },
    say: (key) => key,
    defaults: { mail: '', sms: '', connection: '', table: '' },
    titleOf: (_opened, id) => id,
    wordsOf: (_opened, id) => id,
    removed: () => undefined,
    refused: () => undefined,
  });
  const nothing = () => undefined;
  useKeyboard(store, commands, {
    test: nothing,
    past: nothing,
    save: async () => undefined,
    fit: nothing,
    zoom: nothing,
  });
  return (
    <>
      <Modal opened={asked} onClose={() => setAsked(false)} trapFocus={false} title="Turn on?">
        Question
      </Modal>
      <Menu transitionProps={{ duration: 200 }}>
        <Menu.Target>
          <button type="button">More</button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item>First</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** As people press it: what hears it is done before who hears it next. */
const press = (at: Element): void => {
  fireEvent.keyDown(at, { key: 'Escape', code: 'Escape' });
};

test('Escape closes a dialog that has not the focus, and leaves the step chosen', async () => {
  const store = made();
  render(
    <MantineProvider>
      <Room store={store} />
    </MantineProvider>,
  );
  await screen.findByText('Question');
  press(window.document.body);
  expect(store.getState().selected).toBe('a');
  await waitFor(() => expect(screen.queryByText('Question')).toBeNull());
  press(window.document.body);
  expect(store.getState().selected).toBeNull();
});

test('Escape in a menu that goes slowly closes the menu only', async () => {
  const store = made();
  render(
    <MantineProvider>
      <Room store={store} />
    </MantineProvider>,
  );
  press(window.document.body);
  await waitFor(() => expect(screen.queryByText('Question')).toBeNull());
  act(() => fireEvent.click(screen.getByText('More')));
  const item = await screen.findByText('First');
  press(item);
  expect(store.getState().selected).toBe('a');
});
