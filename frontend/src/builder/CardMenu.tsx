/** What can be done with one step. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCopy, IconCopyPlus, IconDots, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { nudge } from '../model/edit';
import { type Commands, focusCard } from './commands';
import { ruleOf, useBuilderStore } from './store';

export function CardMenu({ id, commands }: { id: string; commands: Commands }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const rule = ruleOf(store.getState().history.present);
  if (!rule || id === rule.trigger.id) return null;
  const way = (direction: 'up' | 'down') => ({
    disabled: nudge(ruleOf(store.getState().history.present) ?? rule, id, direction) === null,
    onClick: () => commands.moveBy(id, direction),
  });
  return (
    <Menu position="bottom-end" shadow="md" width={220} onClose={() => focusCard(id)} returnFocus={false}>
      <Menu.Target>
        <ActionIcon
          size={26}
          aria-label={t('builder.card.menu')}
          onPointerDown={(event) => event.stopPropagation()}
        >
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onPointerDown={(event) => event.stopPropagation()}>
        <Menu.Item leftSection={<IconArrowUp size={16} />} {...way('up')}>
          {t('builder.card.up')}
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowDown size={16} />} {...way('down')}>
          {t('builder.card.down')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopyPlus size={16} />} onClick={() => commands.duplicate(id)}>
          {t('builder.card.duplicate')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => commands.copy(id)}>
          {t('builder.card.copy')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<IconTrash size={16} />}
          onClick={() => commands.remove(id)}
        >
          {t('builder.card.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
