/** The fields of an action, by its kind. */
import { Button, NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTableFacts } from '../api/builder';
import { useConnections, useTables } from '../api/connections';
import { ROLES } from '../api/types';
import { type JSONObject, type JSONValue, objectAt, textAt, without } from '../model/json';
import type { RuleNode } from '../model/rule';
import { fromTemplate, pill, toTemplate } from '../model/template';
import { useRoom } from './context';
import { PillText } from './PillText';
import { Preview } from './Preview';
import { SetRows } from './SetRows';
import { changeNode, useBuilder, useBuilderStore } from './store';
import { AdvancedValue } from './ValueField';
import { WebhookForm } from './WebhookForm';

export type FieldsProps = {
  readonly node: RuleNode;
  readonly fields: JSONObject;
  readonly set: (field: string, value: JSONValue | undefined, typing?: boolean) => void;
};

type TextFieldProps = FieldsProps & {
  readonly field: string;
  readonly lines?: number;
  readonly description?: string;
  readonly autoFocus?: boolean;
  readonly placeholder?: string;
};

/** One text of an action, with fields in it. */
export function TextField({
  node,
  fields,
  set,
  field,
  lines = 1,
  description,
  autoFocus,
  placeholder,
}: TextFieldProps) {
  const { t } = useTranslation();
  const label = t(`builder.do.${textAt(node, 'do')}.${field}`);
  const text = toTemplate(fields[field]);
  if (text === null) {
    return (
      <Stack gap={4}>
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <AdvancedValue value={fields[field]} />
      </Stack>
    );
  }
  return (
    <PillText
      label={label}
      value={text}
      lines={lines}
      autoFocus={autoFocus ?? false}
      onChange={(typed) => set(field, fromTemplate(typed), true)}
      {...(description === undefined ? {} : { description })}
      {...(placeholder === undefined ? {} : { placeholder })}
    />
  );
}

export function ActionForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const fresh = useBuilder((state) => state.fresh === node.id);
  const fields = objectAt(node, 'fields');
  const set: FieldsProps['set'] = (field, value, typing = false) =>
    changeNode(
      store,
      node.id,
      (old) => {
        const before = objectAt(old, 'fields');
        return {
          ...old,
          fields: value === undefined ? without(before, field) : { ...before, [field]: value },
        };
      },
      typing ? `${node.id}.${field}` : undefined,
    );
  const props = { node, fields, set };
  switch (textAt(node, 'do')) {
    case 'send_email':
      return <EmailForm {...props} fresh={fresh} />;
    case 'notify':
      return <NotifyForm {...props} fresh={fresh} />;
    case 'update_record':
      return <UpdateForm {...props} />;
    case 'create_record':
      return <CreateForm {...props} />;
    case 'call_webhook':
      return <WebhookForm {...props} fresh={fresh} />;
    default:
      return <Text size="sm">{t('builder.form.unknownAction', { kind: textAt(node, 'do') })}</Text>;
  }
}

function EmailForm(props: FieldsProps & { fresh: boolean }) {
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
        <Select
          label={t('builder.do.send_email.connection')}
          placeholder={t('builder.form.chooseConnection')}
          data={senders.map((one) => ({ value: one.name, label: one.label || one.name }))}
          value={chosen === '' ? null : chosen}
          onChange={(name) => set('connection', name ?? undefined)}
        />
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

function NotifyForm(props: FieldsProps & { fresh: boolean }) {
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

function UpdateForm({ node, fields, set }: FieldsProps) {
  const { t } = useTranslation();
  const { subject, words } = useRoom();
  const other = textAt(fields, 'table');
  const facts = useTableFacts(subject.connectionId, other === '' ? subject.table : other);
  const table = words.table(other === '' ? subject.table : other);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {subject.table === '' && other === ''
          ? t('builder.do.update_record.noRecord')
          : t('builder.do.update_record.explain', { table })}
      </Text>
      <SetRows
        label={t('builder.do.update_record.set')}
        columns={facts.data?.columns ?? subject.columns}
        set={objectAt(fields, 'set')}
        asksRequired={false}
        onChange={(next, key) => set('set', next, key !== undefined)}
      />
      <Preview node={node} />
    </Stack>
  );
}

function CreateForm({ node, fields, set }: FieldsProps) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const connections = useConnections();
  const databases = (connections.data?.items ?? []).filter((one) => one.kind === 'postgres');
  const name = textAt(fields, 'connection') || subject.connection;
  const connectionId = databases.find((one) => one.name === name)?.id ?? null;
  const tables = useTables(connectionId);
  const table = textAt(fields, 'table');
  const facts = useTableFacts(connectionId, table);
  return (
    <Stack gap="md">
      {(databases.length > 1 || connectionId === null) && (
        <Select
          label={t('builder.start.connection')}
          placeholder={t('builder.form.chooseConnection')}
          data={databases.map((one) => ({ value: one.name, label: one.label || one.name }))}
          value={connectionId === null ? null : name}
          onChange={(chosen) => set('connection', chosen ?? undefined)}
        />
      )}
      <Select
        label={t('builder.do.create_record.table')}
        placeholder={t('builder.form.chooseTable')}
        searchable
        data={(tables.data?.items ?? []).map((one) => ({ value: one.name, label: one.label }))}
        value={table === '' ? null : table}
        onChange={(chosen) =>
          chosen !== null &&
          changeNode(store, node.id, (old) => ({
            ...old,
            fields: { ...objectAt(old, 'fields'), connection: name, table: chosen, set: {} },
          }))
        }
      />
      {table !== '' && (
        <SetRows
          label={t('builder.do.create_record.set')}
          columns={facts.data?.columns ?? []}
          set={objectAt(fields, 'set')}
          asksRequired
          onChange={(next, key) => set('set', next, key !== undefined)}
        />
      )}
      <Preview node={node} />
    </Stack>
  );
}

export function WaitForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const amount = node['amount'];
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('builder.do.wait.explain')}
      </Text>
      <SimpleGrid cols={2}>
        <NumberInput
          label={t('builder.do.wait.amount')}
          min={1}
          max={10_000}
          value={typeof amount === 'number' ? amount : ''}
          onChange={(typed) =>
            changeNode(
              store,
              node.id,
              (old) => ({ ...old, amount: Math.round(Number(typed)) || 0 }),
              `${node.id}.amount`,
            )
          }
        />
        <Select
          label={t('builder.form.unit')}
          data={['seconds', 'minutes', 'hours', 'days'].map((unit) => ({
            value: unit,
            label: t(`builder.unit.${unit}`),
          }))}
          value={textAt(node, 'unit')}
          onChange={(unit) => unit !== null && changeNode(store, node.id, (old) => ({ ...old, unit }))}
        />
      </SimpleGrid>
    </Stack>
  );
}
