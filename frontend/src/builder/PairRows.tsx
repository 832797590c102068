/** Rows of names and values with fields in them: headers, the values of a webhook, the search part of an address. */
import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isObject, type JSONObject, type JSONValue } from '../model/json';
import { fromTemplate, toTemplate } from '../model/template';
import classes from './condition.module.css';
import { PillText } from './PillText';
import { AdvancedValue } from './ValueField';

type Pairs = {
  readonly label: string;
  readonly pairs: JSONObject;
  readonly onChange: (pairs: JSONObject, typing: boolean) => void;
  readonly add: string;
};

export function PairRows({ label, pairs, onChange, add }: Pairs) {
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
