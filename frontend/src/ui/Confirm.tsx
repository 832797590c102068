import { Button, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogActions } from './DialogActions';

interface Props {
  opened: boolean;
  title: string;
  children?: ReactNode;
  confirm: string;
  keep?: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** A question before something that cannot be taken back, or that has an effect outside. */
export function Confirm({ opened, title, children, confirm, keep, danger, busy, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('ui.close') }}>
      <Stack gap="lg">
        <Text size="sm" component="div">
          {children}
        </Text>
        <DialogActions onCancel={onClose} keep={keep}>
          <Button
            color={danger ? 'red.9' : 'violet'}
            loading={busy ?? false}
            onClick={onConfirm}
            data-autofocus
          >
            {confirm}
          </Button>
        </DialogActions>
      </Stack>
    </Modal>
  );
}
