import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/client';
import { useChangeAccount, useSignIn } from '../api/session';
import { isLanguage, showLanguage } from '../i18n';
import { useLanguage } from '../i18n/useLanguage';
import { PasswordField } from '../ui/PasswordField';
import { useProblemText } from '../ui/States';
import { Gate } from './Gate';

const route = getRouteApi('/sign-in');

export default function SignInPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const { next } = route.useSearch();
  const signIn = useSignIn();
  const change = useChangeAccount();
  const language = useLanguage();
  const [first] = useState(language);
  const words = useProblemText();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.includes('@') ? null : t('session.missing.email')),
      password: (value) => (value === '' ? t('session.missing.password') : null),
    },
  });

  const submit = form.onSubmit((values) =>
    signIn.mutate(values, {
      onSuccess: (session) => {
        // Who has just chosen a language here means it; else the one of the account is shown.
        if (language !== first) change.mutate({ language });
        else if (isLanguage(session.account?.language)) void showLanguage(session.account.language);
        router.history.push(next ?? '/rules');
      },
    }),
  );

  const wrong = isProblem(signIn.error) && signIn.error.status === 401;
  const slow = isProblem(signIn.error) && signIn.error.status === 429;
  return (
    <Gate title={t('session.signIn.title')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={t('session.email')}
            type="email"
            autoComplete="username"
            autoFocus
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <PasswordField
            label={t('session.password')}
            autoComplete="current-password"
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          {signIn.error !== null && (
            <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
              {wrong ? t('session.signIn.wrong') : slow ? t('session.signIn.slow') : words(signIn.error)}
            </Text>
          )}
          <Button type="submit" fullWidth mt="xs" loading={signIn.isPending}>
            {t('session.signIn.button')}
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}
