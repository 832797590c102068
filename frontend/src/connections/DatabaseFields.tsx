/** Where a database or a mail server is, and who signs in there. */
import { Group, NumberInput, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PasswordField } from '../ui/PasswordField';
import type { ConnectionFields } from './fields';
import { SMTP_SECURITY, SSL_MODES } from './settings';

export function DatabaseFields({ form, editing }: ConnectionFields) {
  const { t } = useTranslation();
  const { values } = form;
  return (
    <>
      <Group align="flex-start" gap="sm" wrap="nowrap">
        <TextInput flex={1} label={t('connections.form.host')} {...form.getInputProps('host')} />
        <Port label={t('connections.form.port')} {...form.getInputProps('port')} />
      </Group>
      {values.kind === 'postgres' && (
        <TextInput label={t('connections.form.database')} {...form.getInputProps('database')} />
      )}
      <TextInput label={t('connections.form.user')} autoComplete="off" {...form.getInputProps('user')} />
      <PasswordField
        label={t('connections.form.password')}
        description={editing ? t('connections.form.passwordKept') : t('connections.form.passwordHint')}
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      {values.kind === 'postgres' ? (
        <>
          <Select
            label={t('connections.form.sslmode')}
            data={SSL_MODES.map((value) => ({ value, label: t(`connections.form.ssl.${value}`) }))}
            {...form.getInputProps('sslmode')}
          />
          <Group align="flex-start" gap="sm" wrap="nowrap">
            <TextInput
              flex={1}
              label={t('connections.form.listenHost')}
              description={t('connections.form.listenHint')}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
              placeholder={values.host}
              {...form.getInputProps('listenHost')}
            />
            <Port label={t('connections.form.listenPort')} {...form.getInputProps('listenPort')} />
          </Group>
        </>
      ) : (
        <>
          <Select
            label={t('connections.form.security')}
            data={SMTP_SECURITY.map((value) => ({ value, label: t(`connections.form.smtp.${value}`) }))}
            {...form.getInputProps('security')}
          />
          <TextInput label={t('connections.form.from')} type="email" {...form.getInputProps('from')} />
        </>
      )}
    </>
  );
}

function Port(props: { label: string }) {
  return (
    <NumberInput
      w={110}
      min={1}
      max={65_535}
      hideControls
      allowDecimal={false}
      thousandSeparator=""
      {...props}
    />
  );
}
