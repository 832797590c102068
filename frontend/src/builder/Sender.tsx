/** Through whom something is sent, and to whom: for mails, text messages, calls. */
import { Button, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import type { ColumnFacts } from '../canvas/words';
import { textAt } from '../model/json';
import { pill } from '../model/template';
import { useRoom } from './context';
import { EmptyRecipients } from './EmptyRecipients';
import { Place } from './Place';
import { type FieldsProps, TextField } from './TextField';

/** The connections of a kind, and whether the chosen one is none of them. */
export function useSenders(kind: 'smtp' | 'sms', fields: FieldsProps['fields']) {
  const connections = useConnections();
  const senders = (connections.data?.items ?? []).filter((one) => one.kind === kind);
  const chosen = textAt(fields, 'connection');
  const strange = chosen !== '' && !senders.some((one) => one.name === chosen);
  return { senders, chosen, strange, known: connections.data !== undefined };
}

type SenderProps = FieldsProps & ReturnType<typeof useSenders>;

export function SenderChoice({ node, set, senders, chosen, strange }: SenderProps) {
  const { t } = useTranslation();
  return (
    <Place at="fields/connection">
      <Select
        label={t(`builder.do.${textAt(node, 'do')}.connection`)}
        placeholder={t('builder.form.chooseConnection')}
        data={[
          ...senders.map((one) => ({ value: one.name, label: one.label || one.name })),
          ...(strange ? [{ value: chosen, label: chosen }] : []),
        ]}
        value={chosen === '' ? null : chosen}
        onChange={(name) => set('connection', name ?? undefined)}
      />
    </Place>
  );
}

const NUMBERS = /phone|mobile|cell|(^|_)(tel|gsm)(_|$)|telefon|휴대|전화|手机|电话|телефон/i;

export function isNumber({ name, label }: ColumnFacts): boolean {
  return NUMBERS.test(`${name} ${label}`);
}

export function isAddress({ name }: ColumnFacts): boolean {
  return /e?mail/i.test(name);
}

type FromFieldProps = FieldsProps & {
  readonly field: string;
  readonly fits: (column: ColumnFacts) => boolean;
  readonly autoFocus?: boolean;
  readonly placeholder: string;
};

/** A text of the action; while it is empty the fields of the record that fit are offered. */
export function FromField({ fits, ...props }: FromFieldProps) {
  const { subject } = useRoom();
  const { field, fields, set } = props;
  return (
    <>
      <TextField {...props} />
      {fields[field] === '' &&
        subject.columns.filter(fits).map((column) => (
          <Button
            key={column.name}
            size="compact-sm"
            variant="light"
            mt={6}
            mr={6}
            onClick={() => set(field, { var: `after.${column.name}` })}
          >
            {column.label} {pill(`after.${column.name}`)}
          </Button>
        ))}
      {field === 'to' && <EmptyRecipients to={fields['to']} />}
    </>
  );
}
