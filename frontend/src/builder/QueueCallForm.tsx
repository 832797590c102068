/** Putting a call into a list: whom to call, into which list, how soon, and what is told to who calls. */
import { Button, Select, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCallLists } from '../api/calls';
import type { ColumnFacts } from '../canvas/words';
import { isObject, type JSONValue, textAt } from '../model/json';
import { Place } from './Place';
import { Preview } from './Preview';
import { FromField, isNumber } from './Sender';
import { type FieldsProps, TextField } from './TextField';
import { AdvancedValue, ValueField } from './ValueField';

const PRIORITIES = [1, 3, 5, 7, 9];
const MOMENT: ColumnFacts = { name: 'moment', label: '', type: 'timestamp', nullable: true, choices: [] };

export default function QueueCallForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set, node, fresh } = props;
  const lists = useCallLists().data?.items ?? [];
  const priority = fields['priority'] ?? 5;
  const optional = {
    node,
    set: (field: string, value: JSONValue | undefined, typing?: boolean) =>
      set(field, value === '' ? undefined : value, typing),
  };
  return (
    <Stack gap="md">
      <div>
        <TextField {...props} field="list" autoFocus={fresh} placeholder={t('desk.listPlaceholder')} />
        {fields['list'] === '' &&
          lists.slice(0, 5).map(({ name }) => (
            <Button
              key={name}
              size="compact-sm"
              variant="light"
              mt={6}
              mr={6}
              onClick={() => set('list', name)}
            >
              {name}
            </Button>
          ))}
      </div>
      <div>
        <FromField
          {...props}
          field="phone"
          fits={isNumber}
          placeholder={t('desk.phonePlaceholder', { open: '{{' })}
        />
      </div>
      <Place at="fields/country">
        <TextInput
          label={t('builder.do.queue_call.country')}
          description={t('desk.countryHelp')}
          inputMode="numeric"
          maxLength={4}
          value={textAt(fields, 'country')}
          onChange={({ currentTarget: { value } }) => {
            const digits = value.replace(/\D/g, '');
            set('country', digits === '' ? undefined : digits, true);
          }}
        />
      </Place>
      <TextField {...optional} fields={{ name: '', ...fields }} field="name" />
      <TextField
        {...optional}
        fields={{ note: '', ...fields }}
        field="note"
        lines={3}
        description={t('builder.form.typeBraces', { open: '{{' })}
      />
      <Place at="fields/priority">
        {isObject(priority) ? (
          <AdvancedValue value={priority} />
        ) : (
          <Select
            label={t('builder.do.queue_call.priority')}
            data={[
              ...PRIORITIES.map((one) => ({ value: String(one), label: t(`desk.priority.${one}`) })),
              ...(PRIORITIES.some((one) => one === priority)
                ? []
                : [{ value: String(priority), label: String(priority) }]),
            ]}
            value={String(priority)}
            allowDeselect={false}
            onChange={(chosen) => set('priority', chosen === '5' ? undefined : Number(chosen))}
          />
        )}
      </Place>
      <Moment field="due" fields={fields} set={set} />
      <Moment field="until" fields={fields} set={set} />
      <Select
        label={t('builder.do.queue_call.again')}
        data={['raise', 'keep', 'add'].map((one) => ({ value: one, label: t(`desk.again.${one}`) }))}
        value={textAt(fields, 'again') || 'raise'}
        allowDeselect={false}
        onChange={(again) => set('again', again === 'raise' ? undefined : (again ?? undefined))}
      />
      <Preview node={node} />
    </Stack>
  );
}

/** When it may be called; nothing: at any time. */
function Moment({ field, fields, set }: Pick<FieldsProps, 'fields' | 'set'> & { field: 'due' | 'until' }) {
  const { t } = useTranslation();
  const label = t(`builder.do.queue_call.${field}`);
  const value = fields[field];
  return (
    <Place at={`fields/${field}`}>
      {value === undefined ? (
        <Button size="compact-md" variant="light" onClick={() => set(field, null)}>
          {t(`desk.${field}Add`)}
        </Button>
      ) : (
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            {label}
          </Text>
          <ValueField
            facts={{ ...MOMENT, label }}
            value={value}
            label={label}
            onChange={(next) => set(field, next)}
          />
          <Button size="compact-xs" variant="default" w="fit-content" onClick={() => set(field, undefined)}>
            {t('desk.anyTime')}
          </Button>
        </Stack>
      )}
    </Place>
  );
}
