/** Why something could not be done, for those who see. */
import { notifications } from '@mantine/notifications';
import { i18next } from '../i18n';

export function toastRefused(message: string): void {
  notifications.show({
    id: 'builder-refused',
    message,
    color: 'yellow',
    autoClose: 8_000,
    closeButtonProps: { 'aria-label': i18next.t('ui.close') },
  });
}
