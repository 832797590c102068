/** Short messages at the bottom right; errors stay until they are closed. */
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { i18next } from '../i18n';

const close = () => ({ 'aria-label': i18next.t('ui.close') });

export function toastDone(message: string): void {
  notifications.show({
    message,
    color: 'teal.8',
    icon: <IconCheck size={18} />,
    autoClose: 4_000,
    closeButtonProps: close(),
  });
}

/** Something went, and its way back while the message stands. */
export function toastUndo(message: string, label: string, undo: () => void): void {
  const id = notifications.show({
    message: (
      <Group gap={12}>
        {message}
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            undo();
            notifications.hide(id);
          }}
        >
          {label}
        </Button>
      </Group>
    ),
    autoClose: 8_000,
    closeButtonProps: close(),
  });
}

export function toastError(message: string): void {
  notifications.show({
    message,
    color: 'red.8',
    icon: <IconAlertTriangle size={18} />,
    autoClose: false,
    role: 'alert',
    closeButtonProps: close(),
  });
}
