/** The button on a card and the menu behind it. The focus goes back to the card, or to the step that the chosen item made. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeIn } from '../canvas/board';
import { focusCard } from './cardFocus';
import { useBuilderStore } from './store';

export function CardMenuButton({ id, children }: { id: string; children: ReactNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const before = useRef<string | null>(null);
  return (
    <Menu
      position="bottom-end"
      shadow="md"
      width={232}
      returnFocus={false}
      // On a phone it may be longer than what is left of the window: it then scrolls.
      middlewares={{ flip: true, shift: true, size: { padding: 8 } }}
      onOpen={() => {
        before.current = store.getState().selected;
      }}
      onClose={() => {
        const { focusAt, menuAt, selected, history } = store.getState();
        if (focusAt !== null || menuAt !== null || !nodeIn(history.present, id)) return;
        focusCard(selected !== before.current ? (selected ?? id) : id);
      }}
    >
      <Menu.Target>
        <ActionIcon
          size={26}
          aria-label={t('builder.card.menu')}
          onPointerDown={(event) => event.stopPropagation()}
        >
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown style={{ overflowY: 'auto' }} onPointerDown={(event) => event.stopPropagation()}>
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}
