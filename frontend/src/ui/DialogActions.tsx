import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  onCancel: () => void;
  /** The way out in other words, where "Cancel" could be taken for what the dialog is about. */
  keep?: string | undefined;
  /** Beside Cancel, before it. */
  before?: ReactNode;
  /** What the dialog is for; nothing where there is nothing to confirm. */
  children: ReactNode;
}

/** The end of a dialog: Cancel, and what it is for on its right. */
export function DialogActions({ onCancel, keep, before, children }: Props) {
  const { t } = useTranslation();
  return (
    <Group justify="flex-end" gap="sm">
      {before}
      <Button variant="default" onClick={onCancel}>
        {keep ?? t('ui.cancel')}
      </Button>
      {children}
    </Group>
  );
}
