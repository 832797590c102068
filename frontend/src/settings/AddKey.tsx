import { Button, CopyButton, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAddKey } from '../api/people';
import { ROLES, type Role } from '../api/types';
import { DialogActions } from '../ui/DialogActions';
import { useProblemText } from '../ui/States';
import { useFocusBack } from '../ui/useFocusBack';

/** Makes a key and shows it this once. */
export function AddKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  useFocusBack();
  const words = useProblemText();
  const add = useAddKey();
  const form = useForm<{ name: string; role: Role }>({
    initialValues: { name: '', role: 'editor' },
    validate: { name: (value) => (value.trim() === '' ? t('settings.missing.name') : null) },
  });
  const made = add.data;
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={made === undefined}
      title={made === undefined ? t('settings.keys.add') : t('settings.keys.shownTitle')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {made === undefined ? (
        <form onSubmit={form.onSubmit((values) => add.mutate(values))} noValidate>
          <Stack gap="md">
            <TextInput label={t('settings.keys.name')} data-autofocus {...form.getInputProps('name')} />
            <Select
              label={t('settings.keys.role')}
              description={t(`settings.roleHint.${form.values.role}`)}
              data={ROLES.map((value) => ({ value, label: t(`ui.role.${value}`) }))}
              {...form.getInputProps('role')}
            />
            {add.error !== null && (
              <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
                {words(add.error)}
              </Text>
            )}
            <DialogActions onCancel={onClose}>
              <Button type="submit" loading={add.isPending}>
                {t('settings.keys.confirm')}
              </Button>
            </DialogActions>
          </Stack>
        </form>
      ) : (
        <Stack gap="md">
          <Text size="sm">{t('settings.keys.shownBody')}</Text>
          <TextInput
            readOnly
            label={t('settings.keys.key')}
            value={made.key}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            onFocus={(event) => event.currentTarget.select()}
          />
          <Group justify="flex-end" gap="sm">
            <CopyButton value={made.key}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                  onClick={copy}
                >
                  {copied ? t('ui.copied') : t('ui.copy')}
                </Button>
              )}
            </CopyButton>
            <Button onClick={onClose}>{t('settings.keys.done')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
