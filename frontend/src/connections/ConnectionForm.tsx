import {
  Button,
  Drawer,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useCheckConnection, useSaveConnection, useTryConnection } from '../api/connections';
import type { Connection } from '../api/types';
import { useLocale } from '../ui/locale';
import { PasswordField } from '../ui/PasswordField';
import { useProblemText } from '../ui/States';
import { duration } from '../ui/time';
import { toastDone } from '../ui/toast';
import { type FormValues, SMTP_SECURITY, SSL_MODES, toForm, toInput, USUAL_PORT } from './settings';

interface Props {
  /** The one to edit, or null for a new one. */
  connection: Connection | null;
  onClose: () => void;
}

/** Address and secret of one outside system. Secrets go in and never come back. */
export function ConnectionForm({ connection, onClose }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useProblemText();
  const save = useSaveConnection();
  const attempt = useTryConnection();
  const check = useCheckConnection();
  const editing = connection !== null;
  const missing = (key: string) => (value: string) =>
    value.trim() === '' ? t(`connections.missing.${key}`) : null;
  const form = useForm<FormValues>({
    initialValues: toForm(connection),
    validate: {
      name: (value) => (/^[a-z][a-z0-9_-]*$/.test(value) ? null : t('connections.missing.name')),
      host: missing('host'),
      port: (value) => (Number(value) >= 1 && Number(value) <= 65_535 ? null : t('connections.missing.port')),
      listenPort: (value) =>
        value === '' || (Number(value) >= 1 && Number(value) <= 65_535)
          ? null
          : t('connections.missing.port'),
      database: (value, all) => (all.kind === 'postgres' ? missing('database')(value) : null),
      user: (value, all) => (all.kind === 'postgres' ? missing('user')(value) : null),
      from: (value, all) =>
        all.kind === 'smtp' && !value.includes('@') ? t('connections.missing.from') : null,
    },
  });
  const { values } = form;

  const submit = form.onSubmit((checked) =>
    save.mutate(
      { id: connection?.id ?? null, body: toInput(checked) },
      {
        onSuccess: () => {
          toastDone(
            t('connections.form.saved', { name: checked.label === '' ? checked.name : checked.label }),
          );
          onClose();
          if (connection !== null) check.mutate(connection.id);
        },
      },
    ),
  );
  const tryIt = () => {
    if (!form.validate().hasErrors) attempt.mutate(toInput(values));
  };

  return (
    <Drawer
      opened
      onClose={onClose}
      title={
        editing
          ? t('connections.form.editTitle', {
              name: connection.label === '' ? connection.name : connection.label,
            })
          : t('connections.form.addTitle')
      }
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {!editing && (
            <SegmentedControl
              fullWidth
              aria-label={t('connections.form.kind')}
              value={values.kind}
              onChange={(value) => {
                const kind = value === 'smtp' ? 'smtp' : 'postgres';
                form.setValues({ kind, port: USUAL_PORT[kind] });
                attempt.reset();
              }}
              data={[
                { value: 'postgres', label: t('connections.kind.postgres') },
                { value: 'smtp', label: t('connections.kind.smtp') },
              ]}
            />
          )}
          {!editing && (
            <TextInput
              label={t('connections.form.name')}
              description={t('connections.form.nameHint')}
              data-autofocus
              {...form.getInputProps('name')}
            />
          )}
          <TextInput label={t('connections.form.label')} {...form.getInputProps('label')} />
          <Group align="flex-start" gap="sm" wrap="nowrap">
            <TextInput flex={1} label={t('connections.form.host')} {...form.getInputProps('host')} />
            <NumberInput
              w={110}
              label={t('connections.form.port')}
              min={1}
              max={65_535}
              hideControls
              allowDecimal={false}
              thousandSeparator=""
              {...form.getInputProps('port')}
            />
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
                <NumberInput
                  w={110}
                  label={t('connections.form.listenPort')}
                  min={1}
                  max={65_535}
                  hideControls
                  allowDecimal={false}
                  thousandSeparator=""
                  {...form.getInputProps('listenPort')}
                />
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
          <div aria-live="polite">
            {attempt.data?.works === true && (
              <Text size="sm" style={{ color: 'var(--ry-good)' }}>
                {t('connections.form.tries', { time: duration(attempt.data.took_ms, locale) })}
              </Text>
            )}
            {attempt.data?.works === false && <Fault>{attempt.data.reason}</Fault>}
            {attempt.error !== null && <Fault>{words(attempt.error)}</Fault>}
            {save.error !== null && <Fault>{words(save.error)}</Fault>}
          </div>
          <Group justify="space-between">
            {editing ? (
              <span />
            ) : (
              <Button variant="default" loading={attempt.isPending} onClick={tryIt}>
                {t('connections.form.try')}
              </Button>
            )}
            <Button type="submit" loading={save.isPending}>
              {t('connections.form.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

function Fault({ children }: { children: string }) {
  return (
    <Text size="sm" style={{ color: 'var(--ry-bad)' }}>
      {children}
    </Text>
  );
}
