/** "Step removed", with its way back. */
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { i18next } from '../i18n';

export function toastRemoved(undo: () => void): void {
  const id = notifications.show({
    message: (
      <Group gap={12}>
        {i18next.t('builder.removed')}
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            undo();
            notifications.hide(id);
          }}
        >
          {i18next.t('builder.undo')}
        </Button>
      </Group>
    ),
    autoClose: 8_000,
    closeButtonProps: { 'aria-label': i18next.t('ui.close') },
  });
}
