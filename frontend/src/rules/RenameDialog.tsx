/** A new name for a rule, from the list; the name is part of the draft. */
import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRenameRule } from '../api/rules';
import type { RuleSummary } from '../api/types';
import { DialogActions } from '../ui/DialogActions';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';
import { useFocusBack } from '../ui/useFocusBack';

export function RenameDialog({ rule, onClose }: { rule: RuleSummary; onClose: () => void }) {
  const { t } = useTranslation();
  useFocusBack();
  const words = useProblemText();
  const rename = useRenameRule();
  const [name, setName] = useState(rule.name);
  const wanted = name.trim();
  const save = () =>
    rename.mutate(
      { id: rule.id, name: wanted },
      {
        onSuccess: () => {
          toastDone(t('ruleList.renamed', { name: wanted }));
          onClose();
        },
        onError: (error) => toastError(words(error)),
      },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('ruleList.renameTitle', { name: rule.name })}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== '' && wanted !== rule.name && !rename.isPending) save();
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t('ruleList.newName')}
            value={name}
            maxLength={120}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <DialogActions onCancel={onClose}>
            <Button type="submit" disabled={wanted === '' || wanted === rule.name} loading={rename.isPending}>
              {t('ruleList.rename')}
            </Button>
          </DialogActions>
        </Stack>
      </form>
    </Modal>
  );
}
