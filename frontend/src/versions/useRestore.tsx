/** Makes a version the draft. Nothing is lost: the draft that was there comes back with Undo. */
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { type Restored, useRestore as useRestoreCall, useUndoRestore } from '../api/versions';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';

const UNDO_MS = 30_000;

export function useRestore(ruleId: number, onDone: () => void) {
  const { t } = useTranslation();
  const inWords = useProblemText();
  const restore = useRestoreCall(ruleId);
  const undo = useUndoRestore(ruleId);

  const offerUndo = (number: number, restored: Restored): void => {
    const id = notifications.show({
      message: (
        <Group gap={12}>
          {t('versions.restored', { number })}
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              notifications.hide(id);
              undo.mutate(restored, {
                onSuccess: () => toastDone(t('versions.undone')),
                onError: (error) => toastError(inWords(error)),
              });
            }}
          >
            {t('versions.undo')}
          </Button>
        </Group>
      ),
      autoClose: UNDO_MS,
      closeButtonProps: { 'aria-label': t('ui.close') },
    });
  };

  return {
    busy: restore.isPending,
    restore: (number: number) =>
      restore.mutate(number, {
        onSuccess: (restored) => {
          offerUndo(number, restored);
          onDone();
        },
        onError: (error) => {
          toastError(inWords(error));
          onDone();
        },
      }),
  };
}
