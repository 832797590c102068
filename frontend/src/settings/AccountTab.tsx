import {
  Button,
  Group,
  Input,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
  useMantineColorScheme,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeAccount, useSession } from '../api/session';
import type { Me } from '../api/types';
import { isLanguage, LANGUAGE_NAMES, LANGUAGES, showLanguage } from '../i18n';
import { Card } from '../ui/Card';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';

const SCHEMES = ['light', 'dark', 'auto'] as const;

export function AccountTab() {
  const { t } = useTranslation();
  const account = useSession().data?.account;
  if (!account) return null;
  return (
    <Stack gap="lg" maw={620}>
      <Card title={t('settings.account.who')}>
        <Who account={account} />
      </Card>
      <Card title={t('settings.account.looks')}>
        <Looks />
      </Card>
    </Stack>
  );
}

function Who({ account }: { account: Me }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const change = useChangeAccount();
  const [name, setName] = useState(account.name);
  const save = () =>
    change.mutate(
      { name: name.trim() },
      {
        onSuccess: () => toastDone(t('settings.account.saved')),
        onError: (error) => toastError(words(error)),
      },
    );
  return (
    <Stack gap="md">
      <Group align="flex-end" gap="sm">
        <TextInput
          flex={1}
          label={t('settings.account.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          disabled={name.trim() === '' || name === account.name}
          loading={change.isPending}
          onClick={save}
        >
          {t('settings.account.save')}
        </Button>
      </Group>
      <Input.Wrapper label={t('settings.account.email')} labelElement="div">
        <Text size="sm">{account.email}</Text>
      </Input.Wrapper>
      <Input.Wrapper label={t('settings.account.role')} labelElement="div">
        <Text size="sm">{t(`ui.role.${account.role}`)}</Text>
        <Text size="xs" c="dimmed">
          {t(`settings.roleHint.${account.role}`)}
        </Text>
      </Input.Wrapper>
    </Stack>
  );
}

function Looks() {
  const { t, i18n } = useTranslation();
  const change = useChangeAccount();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choose = (language: string | null) => {
    if (!isLanguage(language)) return;
    void showLanguage(language);
    change.mutate({ language });
  };
  return (
    <Stack gap="md" align="flex-start">
      <Select
        w={260}
        label={t('settings.account.language')}
        value={i18n.language}
        onChange={choose}
        data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
      />
      <Input.Wrapper label={t('settings.account.scheme')} labelElement="div">
        <SegmentedControl
          display="flex"
          w="fit-content"
          aria-label={t('settings.account.scheme')}
          value={colorScheme}
          onChange={(value) => setColorScheme(SCHEMES.find((one) => one === value) ?? 'auto')}
          data={SCHEMES.map((value) => ({ value, label: t(`ui.account.scheme.${value}`) }))}
        />
      </Input.Wrapper>
    </Stack>
  );
}
