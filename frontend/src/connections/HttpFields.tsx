/** A system that speaks HTTP: its base address, how to sign in there, and how what is sent to it is signed. */
import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConnectionFields } from './fields';
import { SecretField } from './SecretField';
import { EXAMPLES, SIGN_INS } from './settings';

export function HttpFields({ form, kept }: ConnectionFields) {
  const { t } = useTranslation();
  const { signIn } = form.values;
  return (
    <>
      <TextInput
        label={t('webSystem.baseUrl')}
        description={t('webSystem.baseUrlHint')}
        placeholder={EXAMPLES.baseUrl}
        {...form.getInputProps('baseUrl')}
      />
      <Select
        label={t('webSystem.signIn')}
        allowDeselect={false}
        data={SIGN_INS.map((value) => ({ value, label: t(`webSystem.signIns.${value}`) }))}
        {...form.getInputProps('signIn')}
      />
      {signIn === 'basic' && (
        <>
          <TextInput label={t('connections.form.user')} autoComplete="off" {...form.getInputProps('user')} />
          <SecretField
            label={t('connections.form.password')}
            kept={kept.includes('password')}
            {...form.getInputProps('password')}
          />
        </>
      )}
      {signIn === 'header' && (
        <TextInput
          label={t('webSystem.header')}
          placeholder={EXAMPLES.header}
          autoComplete="off"
          {...form.getInputProps('header')}
        />
      )}
      {(signIn === 'bearer' || signIn === 'header') && (
        <SecretField
          label={t(signIn === 'bearer' ? 'webSystem.token' : 'webSystem.key')}
          hint={t('webSystem.tokenHint')}
          kept={kept.includes('token')}
          {...form.getInputProps('token')}
        />
      )}
      <SecretField
        label={t('webSystem.signing')}
        hint={t('webSystem.signingHint')}
        kept={kept.includes('signing_secret')}
        placeholder={EXAMPLES.signing}
        {...form.getInputProps('signingSecret')}
      />
    </>
  );
}
