import { Button, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useAddAccount } from '../api/people';
import { type NewAccount, ROLES } from '../api/types';
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n';
import { useLanguage } from '../i18n/useLanguage';
import { DialogActions } from '../ui/DialogActions';
import { PasswordField } from '../ui/PasswordField';
import { useProblemText } from '../ui/States';
import { toastDone } from '../ui/toast';
import { useFocusBack } from '../ui/useFocusBack';

const SHORTEST_PASSWORD = 8;

export function AddPerson({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  useFocusBack();
  const words = useProblemText();
  const add = useAddAccount();
  const language = useLanguage();
  const form = useForm<NewAccount>({
    initialValues: { name: '', email: '', role: 'editor', language, password: '' },
    validate: {
      name: (value) => (value.trim() === '' ? t('settings.missing.name') : null),
      email: (value) => (value.includes('@') ? null : t('settings.missing.email')),
      password: (value) => (value.length < SHORTEST_PASSWORD ? t('settings.missing.password') : null),
    },
  });
  const submit = form.onSubmit((values) =>
    add.mutate(values, {
      onSuccess: () => {
        toastDone(t('settings.people.added', { name: values.name }));
        onClose();
      },
    }),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('settings.people.add')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput label={t('settings.people.name')} data-autofocus {...form.getInputProps('name')} />
          <TextInput
            label={t('settings.people.email')}
            type="email"
            autoComplete="off"
            {...form.getInputProps('email')}
          />
          <Select
            label={t('settings.account.role')}
            description={t(`settings.roleHint.${form.values.role}`)}
            data={ROLES.map((value) => ({ value, label: t(`ui.role.${value}`) }))}
            {...form.getInputProps('role')}
          />
          <Select
            label={t('settings.people.language')}
            description={t('settings.people.languageHint')}
            allowDeselect={false}
            data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
            {...form.getInputProps('language')}
          />
          <PasswordField
            label={t('settings.people.password')}
            description={t('settings.people.passwordHint')}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          {add.error !== null && (
            <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
              {words(add.error)}
            </Text>
          )}
          <DialogActions onCancel={onClose}>
            <Button type="submit" loading={add.isPending}>
              {t('settings.people.confirm')}
            </Button>
          </DialogActions>
        </Stack>
      </form>
    </Modal>
  );
}
