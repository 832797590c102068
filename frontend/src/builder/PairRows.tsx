/** Rows of names and values with fields in them: headers, the values of a webhook, the search part of an address. */
import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isList, isObject, type JSONObject, type JSONValue } from '../model/json';
import { renamed } from '../model/pairs';
import { fromTemplate, toTemplate } from '../model/template';
import classes from './condition.module.css';
import { NameInput } from './NameInput';
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
  const put = (name: string, value: JSONValue): void => onChange({ ...pairs, [name]: value }, true);
  const rename = (index: number, name: string): boolean => {
    const next = renamed(pairs, index, name);
    if (next !== null) onChange(next, true);
    return next !== null;
  };
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
              <NameInput
                label={t('builder.form.name')}
                value={name}
                onName={(typed) => rename(index, typed)}
              />
              <ActionIcon
                aria-label={t('builder.form.removeField', { field: name })}
                onClick={() => onChange(Object.fromEntries(entries.filter((_, at) => at !== index)), false)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
            {text === null && (isObject(value) || isList(value)) ? (
              <AdvancedValue value={value} />
            ) : (
              <PillText
                hideLabel
                label={t('builder.form.valueOf', { field: name })}
                value={text ?? (value === null ? '' : String(value))}
                onChange={(typed) => put(name, fromTemplate(typed))}
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
