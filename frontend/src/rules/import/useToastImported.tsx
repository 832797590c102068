/** "Imported 3 rules", with the way back. */
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useUndoImport } from '../../api/importing';
import type { ImportItem } from '../../api/types';
import { toastDone, toastError } from '../../ui/toast';

export function useToastImported(): (items: readonly ImportItem[]) => void {
  const { t } = useTranslation();
  const router = useRouter();
  const undo = useUndoImport();
  return (items) => {
    const made = items.filter((item) => item.action === 'create' || item.action === 'update');
    const [only] = made.length === 1 ? made : [];
    const takeBack = async (): Promise<void> => {
      notifications.hide(id);
      const failed = await undo.mutateAsync(made);
      if (failed.length === 0) toastDone(t('importing.undone', { count: made.length }));
      else toastError(t('importing.notUndone', { names: failed.join(', ') }));
    };
    const id = notifications.show({
      message: (
        <Group gap={12}>
          {t('importing.done', { count: made.length })}
          <Group gap={8}>
            <Button size="compact-sm" variant="default" onClick={() => void takeBack()}>
              {t('importing.undo')}
            </Button>
            {only?.rule_id && (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  notifications.hide(id);
                  void router.navigate({ to: '/rules/$ruleId', params: { ruleId: String(only.rule_id) } });
                }}
              >
                {t('importing.open')}
              </Button>
            )}
          </Group>
        </Group>
      ),
      autoClose: 15_000,
      closeButtonProps: { 'aria-label': t('ui.close') },
    });
  };
}
