import { Button, Drawer, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useCheckConnection, useSaveConnection, useTryConnection } from '../api/connections';
import type { Connection } from '../api/types';
import { useLocale } from '../ui/locale';
import { useProblemText } from '../ui/States';
import { duration } from '../ui/time';
import { toastDone } from '../ui/toast';
import { useFocusBack } from '../ui/useFocusBack';
import { DatabaseFields } from './DatabaseFields';
import type { ConnectionFields } from './fields';
import { HttpFields } from './HttpFields';
import { SmsFields } from './SmsFields';
import { type FormValues, KINDS, OWN_PROVIDER, toForm, toInput, USUAL_PORT } from './settings';
import { bodyOf } from './smsTemplate';
import { troubleText } from './troubleText';

interface Props {
  /** The one to edit, or null for a new one. */
  connection: Connection | null;
  onClose: () => void;
}

/** Address and secret of one outside system. Secrets go in and never come back. */
export function ConnectionForm({ connection, onClose }: Props) {
  const { t } = useTranslation();
  useFocusBack();
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
      host: (value, all) => (places(all) ? missing('host')(value) : null),
      port: (value, all) =>
        !places(all) || (Number(value) >= 1 && Number(value) <= 65_535)
          ? null
          : t('connections.missing.port'),
      listenPort: (value) =>
        value === '' || (Number(value) >= 1 && Number(value) <= 65_535)
          ? null
          : t('connections.missing.port'),
      database: (value, all) => (all.kind === 'postgres' ? missing('database')(value) : null),
      user: (value, all) =>
        all.kind === 'postgres' || (all.kind === 'http' && all.signIn === 'basic')
          ? missing('user')(value)
          : null,
      from: (value, all) =>
        all.kind === 'smtp' && !value.includes('@') ? t('connections.missing.from') : null,
      baseUrl: (value, all) =>
        all.kind === 'http' && !/^https?:\/\/[^\s/]+/i.test(value.trim())
          ? t('connections.missing.baseUrl')
          : null,
      header: (value, all) =>
        all.kind === 'http' && all.signIn === 'header' ? missing('header')(value) : null,
      template: {
        url: (value, all) => (own(all) ? missing('baseUrl')(value) : null),
        body: (value, all) => (own(all) && bodyOf(value) === null ? t('connections.missing.body') : null),
      },
    },
  });
  const { values } = form;
  const kept = connection?.secrets ?? [];

  const submit = form.onSubmit((checked) =>
    save.mutate(
      { id: connection?.id ?? null, body: toInput(checked, kept) },
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
            <Select
              label={t('connections.form.kind')}
              allowDeselect={false}
              data={KINDS.map((kind) => ({ value: kind, label: t(`connections.kind.${kind}`) }))}
              value={values.kind}
              onChange={(value) => {
                const kind = KINDS.find((one) => one === value) ?? 'postgres';
                form.setValues({ kind, port: USUAL_PORT[kind] });
                attempt.reset();
              }}
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
          <Fields form={form} editing={editing} kept={kept} />
          <div aria-live="polite">
            {attempt.data?.works === true && (
              <Text size="sm" style={{ color: 'var(--ry-good)' }}>
                {t('connections.form.tries', { time: duration(attempt.data.took_ms, locale) })}
              </Text>
            )}
            {attempt.data?.works === false && <Fault>{troubleText(attempt.data, t)}</Fault>}
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

/** Kinds that are found by host and port. */
function places(all: FormValues): boolean {
  return all.kind === 'postgres' || all.kind === 'smtp';
}

function own(all: FormValues): boolean {
  return all.kind === 'sms' && all.provider === OWN_PROVIDER;
}

function Fields(props: ConnectionFields) {
  switch (props.form.values.kind) {
    case 'http':
      return <HttpFields {...props} />;
    case 'sms':
      return <SmsFields {...props} />;
    default:
      return <DatabaseFields {...props} />;
  }
}

function Fault({ children }: { children: string }) {
  return (
    <Text size="sm" style={{ color: 'var(--ry-bad)' }}>
      {children}
    </Text>
  );
}
