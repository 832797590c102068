/** What can be done with one step of a graph whose ways cross: every way out can be added to and turned elsewhere. */
import { Menu } from '@mantine/core';
import { IconArrowForward, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { nodeIn } from '../canvas/board';
import { branchName } from '../canvas/branchName';
import { type Door, doorsIn, slotOf } from '../model/free';
import { slotName } from '../model/rule';
import { isOff, maySwitchOff } from '../model/switched';
import { FAILED } from '../model/ways';
import { CopyItems, FailedItem, NoteItem, OffItem, PasteItem, RemoveItem } from './CardMenu';
import { CardMenuButton } from './CardMenuButton';
import type { Commands } from './commands';
import { useBuilderStore } from './store';

const ADD: Readonly<Record<string, string>> = { yes: 'addYes', no: 'addNo', next: 'add' };
const GO: Readonly<Record<string, string>> = { yes: 'yesGoesTo', no: 'noGoesTo', next: 'goesTo' };
const nameOf = (door: Door) => door.branch ?? 'next';

export function FreeCardMenu({ id, commands }: { id: string; commands: Commands }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const opened = store.getState().history.present;
  const node = nodeIn(opened, id);
  if (!node) return null;
  const doors = opened.kind === 'free' ? doorsIn(opened, node) : [];
  const isStart = node.kind === 'trigger';
  const failed = node.kind === 'action' && !doors.some((door) => door.branch === FAILED);
  const text = (door: Door, known: Readonly<Record<string, string>>, other: 'add' | 'goesTo'): string => {
    const key = known[nameOf(door)];
    if (key !== undefined) return t(`steps.free.menu.${key}`);
    return t(`ways.menu.${other}`, { way: branchName(node, nameOf(door), t) });
  };
  return (
    <CardMenuButton id={id}>
      {doors.map((door) => (
        <Menu.Item
          key={`add-${nameOf(door)}`}
          leftSection={<IconPlus size={16} />}
          onClick={() => commands.openMenuAt(slotName(slotOf(door)))}
        >
          {text(door, ADD, 'add')}
        </Menu.Item>
      ))}
      {doors.map((door) => (
        <Menu.Item
          key={`go-${nameOf(door)}`}
          leftSection={<IconArrowForward size={16} />}
          onClick={() => commands.askWay(id, door.branch)}
        >
          {text(door, GO, 'goesTo')}
        </Menu.Item>
      ))}
      {failed && <FailedItem id={id} commands={commands} />}
      {doors.length > 0 && <Menu.Divider />}
      {!isStart && <CopyItems id={id} commands={commands} />}
      <PasteItem id={id} commands={commands} />
      <Menu.Divider />
      <NoteItem id={id} commands={commands} />
      {maySwitchOff(node) && <OffItem id={id} off={isOff(node)} commands={commands} />}
      {!isStart && <Menu.Divider />}
      {!isStart &&
        (node.kind === 'condition' || node.kind === 'choose' ? (
          doors.map(nameOf).map((keep) => (
            <Menu.Item
              key={keep}
              c="var(--mantine-color-error)"
              leftSection={<IconTrash size={16} />}
              onClick={() => commands.removeKeeping(id, keep)}
            >
              {node.kind === 'choose'
                ? t('ways.menu.removeKeeping', { way: branchName(node, keep, t) })
                : t(keep === 'yes' ? 'steps.free.menu.removeYes' : 'steps.free.menu.removeNo')}
            </Menu.Item>
          ))
        ) : (
          <RemoveItem id={id} commands={commands} />
        ))}
    </CardMenuButton>
  );
}
