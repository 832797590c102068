/** The + on a connection. While a step is carried it is dashed; the nearest one becomes a wide place to drop. */
import { Popover } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { memo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { type Slot, slotFrom } from '../model/rule';
import { usePhone } from '../ui/usePhone';
import { type Board, useBoard } from './board';
import classes from './canvas.module.css';

export const AddButton = memo(function AddButton({ name }: { name: string }) {
  const { t } = useTranslation();
  const { dragging, target, opened, handlers } = useBoard(
    useShallow((board: Board) => ({
      dragging: board.drag !== null,
      target: board.drag?.target === name,
      opened: board.menuAt === name,
      handlers: board.handlers,
    })),
  );
  const slot = slotFrom(name);
  if (!slot) return null;
  const button = (
    <button
      type="button"
      className={classes.add}
      data-slot={name}
      data-dragging={dragging || undefined}
      data-target={target || undefined}
      aria-label={t('builder.canvas.addHere')}
      aria-haspopup="dialog"
      aria-expanded={opened}
      onClick={() => handlers.openMenu(opened ? null : name)}
    >
      {target ? t('builder.canvas.dropHere') : <IconPlus size={14} stroke={2} aria-hidden />}
    </button>
  );
  if (!opened) return button;
  return <Opened button={button} slot={slot} handlers={handlers} />;
});

type OpenedProps = {
  readonly button: ReactElement;
  readonly slot: Slot;
  readonly handlers: Board['handlers'];
};

function Opened({ button, slot, handlers }: OpenedProps) {
  const phone = usePhone();
  const close = () => handlers.openMenu(null);
  return (
    <Popover
      opened
      onChange={(open) => (open ? undefined : close())}
      // On a phone there is no room beside a place in the list.
      position={phone ? 'bottom' : 'right'}
      shadow="lg"
      radius="md"
      width={264}
      trapFocus
      returnFocus
      hideDetached={false}
    >
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown p="xs">{handlers.addMenu(slot, close)}</Popover.Dropdown>
    </Popover>
  );
}
