import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useChangeAccount, useSetup } from '../api/session';
import { useLanguage } from '../i18n/useLanguage';
import { PasswordField } from '../ui/PasswordField';
import { useProblemText } from '../ui/States';
import { Gate } from './Gate';

const route = getRouteApi('/welcome');
const SHORTEST_PASSWORD = 8;

/** Makes the first administrator with the one-time token of the link that `up` prints. */
export default function WelcomePage() {
  const { t } = useTranslation();
  const router = useRouter();
  const { token } = route.useSearch();
  const setup = useSetup();
  const change = useChangeAccount();
  const language = useLanguage();
  const words = useProblemText();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { token: token ?? '', name: '', email: '', password: '' },
    validate: {
      token: (value) => (value === '' ? t('session.missing.token') : null),
      name: (value) => (value.trim() === '' ? t('session.missing.name') : null),
      email: (value) => (value.includes('@') ? null : t('session.missing.email')),
      password: (value) => (value.length < SHORTEST_PASSWORD ? t('session.missing.short') : null),
    },
  });
  const submit = form.onSubmit((values) =>
    setup.mutate(values, {
      onSuccess: () => {
        // The account keeps the language in which it was made.
        change.mutate({ language });
        void router.navigate({ to: '/rules' });
      },
    }),
  );
  return (
    <Gate title={t('session.welcome.title')} body={t('session.welcome.body')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {token === undefined && (
            <TextInput
              label={t('session.welcome.token')}
              description={t('session.welcome.tokenHint')}
              autoComplete="off"
              key={form.key('token')}
              {...form.getInputProps('token')}
            />
          )}
          <TextInput
            label={t('session.name')}
            autoComplete="name"
            key={form.key('name')}
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('session.email')}
            type="email"
            autoComplete="username"
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <PasswordField
            label={t('session.password')}
            description={t('session.welcome.passwordHint')}
            autoComplete="new-password"
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          {setup.error !== null && (
            <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
              {words(setup.error)}
            </Text>
          )}
          <Button type="submit" fullWidth mt="xs" loading={setup.isPending}>
            {t('session.welcome.button')}
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}
