/** Calling an address on the web: which one, how, and with what. */
import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isObject, type JSONObject, type JSONValue, objectAt, textAt } from '../model/json';
import { fromTemplate, toTemplate } from '../model/template';
import classes from './condition.module.css';
import { PillText } from './PillText';
import { Place } from './Place';
import { Preview } from './Preview';
import { type FieldsProps, TextField } from './TextField';
import { AdvancedValue } from './ValueField';

type Pairs = {
  readonly label: string;
  readonly pairs: JSONObject;
  readonly onChange: (pairs: JSONObject, typing: boolean) => void;
  readonly add: string;
};

function PairRows({ label, pairs, onChange, add }: Pairs) {
  const { t } = useTranslation();
  const entries = Object.entries(pairs);
  const put = (index: number, name: string, value: JSONValue): void =>
    onChange(Object.fromEntries(entries.map((pair, at) => (at === index ? [name, value] : pair))), true);
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {label}
      </Text>
      {entries.map(([name, value], index) => {
        const text = toTemplate(value);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being edited
          <div key={index} className={classes.setRow}>
            <Group gap={6} wrap="nowrap" mb={6}>
              <TextInput
                flex={1}
                aria-label={t('builder.form.name')}
                value={name}
                onChange={(event) => put(index, event.currentTarget.value, value)}
              />
              <ActionIcon
                aria-label={t('builder.form.removeField', { field: name })}
                onClick={() => onChange(Object.fromEntries(entries.filter((_, at) => at !== index)), false)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
            {text === null && isObject(value) ? (
              <AdvancedValue value={value} />
            ) : (
              <PillText
                hideLabel
                label={t('builder.form.valueOf', { field: name })}
                value={text ?? String(value)}
                onChange={(typed) => put(index, name, fromTemplate(typed))}
              />
            )}
          </div>
        );
      })}
      <Button
        size="compact-md"
        variant="light"
        w="fit-content"
        leftSection={<IconPlus size={15} />}
        onClick={() => onChange({ ...pairs, [freeName(pairs)]: '' }, false)}
      >
        {add}
      </Button>
    </Stack>
  );
}

function freeName(pairs: JSONObject): string {
  let number = Object.keys(pairs).length + 1;
  while (`name${number}` in pairs) number += 1;
  return `name${number}`;
}

export function WebhookForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set, fresh, node } = props;
  const chosen = isObject(fields['payload']);
  return (
    <Stack gap="md">
      <TextField {...props} field="url" autoFocus={fresh} placeholder="https://" />
      <Select
        label={t('builder.do.call_webhook.method')}
        data={['POST', 'PUT', 'PATCH', 'GET', 'DELETE']}
        value={textAt(fields, 'method') || 'POST'}
        onChange={(method) => set('method', method ?? undefined)}
      />
      <Select
        label={t('builder.do.call_webhook.payload')}
        data={[
          { value: 'event', label: t('builder.do.call_webhook.wholeEvent') },
          { value: 'chosen', label: t('builder.do.call_webhook.chosen') },
        ]}
        value={chosen ? 'chosen' : 'event'}
        onChange={(kind) => set('payload', kind === 'chosen' ? {} : undefined)}
      />
      {chosen && (
        <Place at="fields/payload">
          <PairRows
            label={t('builder.do.call_webhook.values')}
            add={t('builder.do.call_webhook.addValue')}
            pairs={objectAt(fields, 'payload')}
            onChange={(pairs, typing) => set('payload', pairs, typing)}
          />
        </Place>
      )}
      <Place at="fields/headers">
        <PairRows
          label={t('builder.do.call_webhook.headers')}
          add={t('builder.do.call_webhook.addHeader')}
          pairs={objectAt(fields, 'headers')}
          onChange={(pairs, typing) =>
            set('headers', Object.keys(pairs).length === 0 ? undefined : pairs, typing)
          }
        />
      </Place>
      <Preview node={node} />
    </Stack>
  );
}
