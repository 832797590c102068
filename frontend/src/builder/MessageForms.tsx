/** What is told to whom: an email, and a note inside the product. */
import { Button, Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import { ROLES } from '../api/types';
import { textAt } from '../model/json';
import { pill } from '../model/template';
import { useRoom } from './context';
import { EmptyRecipients } from './EmptyRecipients';
import { Place } from './Place';
import { Preview } from './Preview';
import { type FieldsProps, TextField } from './TextField';

export function EmailForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { subject } = useRoom();
  const connections = useConnections();
  const senders = (connections.data?.items ?? []).filter((one) => one.kind === 'smtp');
  const { fields, set } = props;
  const addresses = subject.columns.filter((column) => /e?mail/i.test(column.name));
  const chosen = textAt(fields, 'connection');
  return (
    <Stack gap="md">
      {(senders.length > 1 || chosen === '' || !senders.some((one) => one.name === chosen)) && (
        <Place at="fields/connection">
          <Select
            label={t('builder.do.send_email.connection')}
            placeholder={t('builder.form.chooseConnection')}
            data={senders.map((one) => ({ value: one.name, label: one.label || one.name }))}
            value={chosen === '' ? null : chosen}
            onChange={(name) => set('connection', name ?? undefined)}
          />
        </Place>
      )}
      <div>
        <TextField
          {...props}
          field="to"
          autoFocus={props.fresh}
          placeholder={t('builder.do.send_email.toPlaceholder', { open: '{{' })}
        />
        {fields['to'] === '' &&
          addresses.map((column) => (
            <Button
              key={column.name}
              size="compact-sm"
              variant="light"
              mt={6}
              mr={6}
              onClick={() => set('to', { var: `after.${column.name}` })}
            >
              {column.label} {pill(`after.${column.name}`)}
            </Button>
          ))}
        <EmptyRecipients to={fields['to']} />
      </div>
      <TextField {...props} field="subject" />
      <TextField
        {...props}
        field="body"
        lines={5}
        description={t('builder.form.typeBraces', { open: '{{' })}
      />
      <Preview node={props.node} />
    </Stack>
  );
}

export function NotifyForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set } = props;
  const to = fields['to'] === undefined ? 'everyone' : fields['to'];
  const groups: readonly string[] = ['everyone', ...ROLES];
  const known = typeof to === 'string' && groups.includes(to);
  return (
    <Stack gap="md">
      <Select
        label={t('builder.do.notify.to')}
        data={[...groups, 'person'].map((one) => ({ value: one, label: t(`builder.whoChoice.${one}`) }))}
        value={known && typeof to === 'string' ? to : 'person'}
        onChange={(chosen) => chosen !== null && set('to', chosen === 'person' ? '' : chosen)}
      />
      {!known && <TextField {...props} field="to" />}
      <TextField {...props} field="title" autoFocus={props.fresh} />
      <TextField
        {...props}
        field="body"
        lines={3}
        description={t('builder.form.typeBraces', { open: '{{' })}
      />
      <Preview node={props.node} />
    </Stack>
  );
}
