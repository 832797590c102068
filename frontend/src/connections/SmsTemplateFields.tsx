/** How a provider of one's own is spoken to: one request with holes, and where its answer says what. */
import { Select, Text, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConnectionFields } from './fields';
import { EXAMPLES, SIGN_INS } from './settings';

const HOLES = '{to} {to_digits} {to_local} {text} {sender} {user} {secret} {coding}';

export function SmsTemplateFields({ form }: ConnectionFields) {
  const { t } = useTranslation();
  const { template } = form.values;
  return (
    <>
      <TextInput
        label={t('smsProvider.template.url')}
        description={t('smsProvider.template.urlHint')}
        placeholder="https://"
        {...form.getInputProps('template.url')}
      />
      <Select
        label={t('webSystem.signIn')}
        allowDeselect={false}
        data={SIGN_INS.map((value) => ({ value, label: t(`smsProvider.template.signIns.${value}`) }))}
        {...form.getInputProps('template.signIn')}
      />
      {template.signIn === 'header' && (
        <TextInput
          label={t('webSystem.header')}
          placeholder={EXAMPLES.header}
          {...form.getInputProps('template.header')}
        />
      )}
      <Select
        label={t('smsProvider.template.format')}
        allowDeselect={false}
        data={['form', 'json'].map((value) => ({ value, label: t(`smsProvider.template.formats.${value}`) }))}
        {...form.getInputProps('template.format')}
      />
      <Textarea
        label={t('smsProvider.template.body')}
        description={t('smsProvider.template.bodyHint')}
        autosize
        minRows={4}
        maxRows={14}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        {...form.getInputProps('template.body')}
      />
      <Text size="xs" c="dimmed">
        {t('smsProvider.template.holes')} <code>{HOLES}</code>
      </Text>
      <TextInput
        label={t('smsProvider.template.idAt')}
        description={t('smsProvider.template.pathHint')}
        placeholder={EXAMPLES.idAt}
        {...form.getInputProps('template.idAt')}
      />
      <TextInput
        label={t('smsProvider.template.okAt')}
        description={t('smsProvider.template.okHint')}
        placeholder={EXAMPLES.okAt}
        {...form.getInputProps('template.okAt')}
      />
      {template.okAt.trim() !== '' && (
        <TextInput
          label={t('smsProvider.template.okIn')}
          placeholder={EXAMPLES.okIn}
          {...form.getInputProps('template.okIn')}
        />
      )}
      <TextInput
        label={t('smsProvider.template.saidAt')}
        placeholder={EXAMPLES.saidAt}
        {...form.getInputProps('template.saidAt')}
      />
    </>
  );
}
