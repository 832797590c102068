/** An SMS provider: a ready-made one with a hint where its settings are found, or one's own by a template. */
import { Anchor, Select, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSmsProviders } from '../api/connections';
import type { ConnectionFields } from './fields';
import { SecretField } from './SecretField';
import { SmsTemplateFields } from './SmsTemplateFields';
import { countryFor, OWN_PROVIDER } from './settings';

export function SmsFields(props: ConnectionFields) {
  const { t } = useTranslation();
  const providers = useSmsProviders();
  const { form, kept } = props;
  const { provider } = form.values;
  const items = providers.data?.items ?? [];
  const chosen = items.find((one) => one.id === provider);
  const own = provider === OWN_PROVIDER;
  const choose = (id: string | null): void => {
    if (id === null) return;
    const home = (which: string) => items.find((one) => one.id === which)?.country ?? '';
    form.setValues({ provider: id, country: countryFor(form.values.country, home(provider), home(id)) });
  };
  return (
    <>
      <Select
        label={t('smsProvider.provider')}
        allowDeselect={false}
        data={[
          ...items.map((one) => ({ value: one.id, label: one.name })),
          { value: OWN_PROVIDER, label: t('smsProvider.own') },
        ]}
        value={provider}
        onChange={choose}
      />
      {chosen && (
        <Text size="xs" c="dimmed">
          {t(`smsProvider.where.${chosen.id}`)}{' '}
          <Anchor href={chosen.docs} target="_blank" rel="noreferrer" size="xs" underline="always">
            {t('smsProvider.docs')}
          </Anchor>
        </Text>
      )}
      {own && <SmsTemplateFields {...props} />}
      {(own || chosen?.needs.includes('user')) && (
        <TextInput
          label={t([`smsProvider.user.${provider}`, 'smsProvider.user.other'])}
          autoComplete="off"
          {...form.getInputProps('user')}
        />
      )}
      {(own || chosen?.needs.includes('secret')) && (
        <SecretField
          label={t([`smsProvider.secret.${provider}`, 'smsProvider.secret.other'])}
          kept={kept.includes('token')}
          {...form.getInputProps('token')}
        />
      )}
      {chosen?.sender !== 'none' && (
        <TextInput
          label={t(chosen?.sender === 'optional' ? 'smsProvider.senderOptional' : 'smsProvider.sender')}
          description={t('smsProvider.senderHint')}
          autoComplete="off"
          {...form.getInputProps('sender')}
        />
      )}
      <TextInput
        label={t('smsProvider.country')}
        description={t('smsProvider.countryHint')}
        leftSection="+"
        inputMode="numeric"
        {...form.getInputProps('country')}
      />
    </>
  );
}
