/** Short messages at the bottom right; errors stay until they are closed. */
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
