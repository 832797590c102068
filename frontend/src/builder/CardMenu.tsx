/** What can be done with one step of a tree. The start can only be noted on. */
import { Menu } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconClipboard,
  IconCopy,
  IconCopyPlus,
  IconNote,
  IconPower,
  IconRouteOff,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { nodeIn } from '../canvas/board';
import { nudge } from '../model/edit';
import { isOff, maySwitchOff } from '../model/switched';
import { CardMenuButton } from './CardMenuButton';
import type { Commands } from './commands';
import { ruleOf, useBuilderStore } from './store';

export function CardMenu({ id, commands }: { id: string; commands: Commands }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const opened = store.getState().history.present;
  const rule = ruleOf(opened);
  const node = nodeIn(opened, id);
  if (!rule || !node) return null;
  const isStart = id === rule.trigger.id;
  const way = (direction: 'up' | 'down') => ({
    disabled: nudge(ruleOf(store.getState().history.present) ?? rule, id, direction) === null,
    onClick: () => commands.moveBy(id, direction),
  });
  return (
    <CardMenuButton id={id}>
      {!isStart && (
        <>
          <Menu.Item leftSection={<IconArrowUp size={16} />} {...way('up')}>
            {t('builder.card.up')}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowDown size={16} />} {...way('down')}>
            {t('builder.card.down')}
          </Menu.Item>
          <CopyItems id={id} commands={commands} />
        </>
      )}
      <PasteItem id={id} commands={commands} />
      {node.kind === 'action' && (
        <>
          <Menu.Divider />
          <FailedItem id={id} commands={commands} />
        </>
      )}
      <Menu.Divider />
      <NoteItem id={id} commands={commands} />
      {maySwitchOff(node) && <OffItem id={id} off={isOff(node)} commands={commands} />}
      {!isStart && (
        <>
          <Menu.Divider />
          <RemoveItem id={id} commands={commands} />
        </>
      )}
    </CardMenuButton>
  );
}

type Item = { readonly id: string; readonly commands: Commands };

export function CopyItems({ id, commands }: Item) {
  const { t } = useTranslation();
  return (
    <>
      <Menu.Item leftSection={<IconCopyPlus size={16} />} onClick={() => commands.duplicate(id)}>
        {t('builder.card.duplicate')}
      </Menu.Item>
      <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => commands.copy(id)}>
        {t('builder.card.copy')}
      </Menu.Item>
    </>
  );
}

export function PasteItem({ id, commands }: Item) {
  const { t } = useTranslation();
  return (
    <Menu.Item leftSection={<IconClipboard size={16} />} onClick={() => commands.paste(id)}>
      {t('steps.menu.pasteAfter')}
    </Menu.Item>
  );
}

/** Opens the path that is gone when the step fails. */
export function FailedItem({ id, commands }: Item) {
  const { t } = useTranslation();
  return (
    <Menu.Item leftSection={<IconRouteOff size={16} />} onClick={() => commands.addFailed(id)}>
      {t('ways.menu.failed')}
    </Menu.Item>
  );
}

export function NoteItem({ id, commands }: Item) {
  const { t } = useTranslation();
  return (
    <Menu.Item leftSection={<IconNote size={16} />} onClick={() => commands.note(id)}>
      {t('steps.menu.note')}
    </Menu.Item>
  );
}

export function OffItem({ id, off, commands }: Item & { readonly off: boolean }) {
  const { t } = useTranslation();
  return (
    <Menu.Item leftSection={<IconPower size={16} />} onClick={() => commands.toggleOff(id)}>
      {t(off ? 'steps.menu.on' : 'steps.menu.off')}
    </Menu.Item>
  );
}

export function RemoveItem({ id, commands }: Item) {
  const { t } = useTranslation();
  return (
    <Menu.Item
      c="var(--mantine-color-error)"
      leftSection={<IconTrash size={16} />}
      onClick={() => commands.remove(id)}
    >
      {t('builder.card.remove')}
    </Menu.Item>
  );
}
