/** What can be done with one step of a graph whose ways cross: every way out can be added to and turned elsewhere. */
import { Menu } from '@mantine/core';
import { IconArrowForward, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { nodeIn } from '../canvas/board';
import { type Door, doorsOf, slotOf } from '../model/free';
import { slotName } from '../model/rule';
import { isOff, maySwitchOff } from '../model/switched';
import { CopyItems, NoteItem, OffItem, PasteItem, RemoveItem } from './CardMenu';
import { CardMenuButton } from './CardMenuButton';
import type { Commands } from './commands';
import { useBuilderStore } from './store';

const ADD = { yes: 'addYes', no: 'addNo', next: 'add' } as const;
const GO = { yes: 'yesGoesTo', no: 'noGoesTo', next: 'goesTo' } as const;
const nameOf = (door: Door) => door.branch ?? 'next';

export function FreeCardMenu({ id, commands }: { id: string; commands: Commands }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const node = nodeIn(store.getState().history.present, id);
  if (!node) return null;
  const doors = doorsOf(node);
  const isStart = node.kind === 'trigger';
  return (
    <CardMenuButton id={id}>
      {doors.map((door) => (
        <Menu.Item
          key={`add-${nameOf(door)}`}
          leftSection={<IconPlus size={16} />}
          onClick={() => commands.openMenuAt(slotName(slotOf(door)))}
        >
          {t(`steps.free.menu.${ADD[nameOf(door)]}`)}
        </Menu.Item>
      ))}
      {doors.map((door) => (
        <Menu.Item
          key={`go-${nameOf(door)}`}
          leftSection={<IconArrowForward size={16} />}
          onClick={() => commands.askWay(id, door.branch)}
        >
          {t(`steps.free.menu.${GO[nameOf(door)]}`)}
        </Menu.Item>
      ))}
      {doors.length > 0 && <Menu.Divider />}
      {!isStart && <CopyItems id={id} commands={commands} />}
      <PasteItem id={id} commands={commands} />
      <Menu.Divider />
      <NoteItem id={id} commands={commands} />
      {maySwitchOff(node) && <OffItem id={id} off={isOff(node)} commands={commands} />}
      {!isStart && <Menu.Divider />}
      {!isStart &&
        (node.kind === 'condition' ? (
          (['yes', 'no'] as const).map((keep) => (
            <Menu.Item
              key={keep}
              c="var(--mantine-color-error)"
              leftSection={<IconTrash size={16} />}
              onClick={() => commands.removeKeeping(id, keep)}
            >
              {t(keep === 'yes' ? 'steps.free.menu.removeYes' : 'steps.free.menu.removeNo')}
            </Menu.Item>
          ))
        ) : (
          <RemoveItem id={id} commands={commands} />
        ))}
    </CardMenuButton>
  );
}
