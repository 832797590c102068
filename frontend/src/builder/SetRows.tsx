/** Which columns get which values. */
import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';
import { pointerTo } from '../model/fix';
import type { JSONObject, JSONValue } from '../model/json';
import { without } from '../model/json';
import { humanise } from '../model/names';
import classes from './condition.module.css';
import { Place } from './Place';
import { ValueField } from './ValueField';

type Column = ColumnFacts & {
  readonly generated?: boolean;
  readonly has_default?: boolean;
  readonly primary_key?: boolean;
};
type Props = {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly set: JSONObject;
  readonly onChange: (set: JSONObject, key?: string) => void;
  /** Columns that a new record cannot do without are asked for. */
  readonly asksRequired: boolean;
};

export function SetRows({ label, columns, set, onChange, asksRequired }: Props) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(Object.keys(set).length === 0);
  // After a field was chosen, the next thing to type is its value.
  const [fresh, setFresh] = useState<string | null>(null);
  const rows = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (fresh === null) return;
    const inputs = rows.current?.querySelectorAll<HTMLElement>(
      `[data-set="${CSS.escape(fresh)}"] :is(input:not([type="hidden"]), textarea)`,
    );
    inputs?.item(inputs.length - 1)?.focus();
    setFresh(null);
  }, [fresh]);
  const writable = columns.filter(
    (column) => !column.generated && !(column.primary_key && column.has_default),
  );
  const labelOf = (name: string): string =>
    columns.find((column) => column.name === name)?.label ?? humanise(name);
  const missing = asksRequired
    ? writable.filter((column) => !column.nullable && !column.has_default && !(column.name in set))
    : [];
  const add = (name: string | null): void => {
    if (name === null) return;
    onChange({ ...set, [name]: start(columns.find((column) => column.name === name)) });
    setAdding(false);
    setFresh(name);
  };
  const rename = (from: string, to: string): void => {
    const entries = Object.entries(set).map(([name, value]): [string, JSONValue] =>
      name === from ? [to, start(columns.find((column) => column.name === to))] : [name, value],
    );
    onChange(Object.fromEntries(entries));
  };
  const free = (own: string | null) =>
    writable
      .filter((column) => column.name === own || !(column.name in set))
      .map((column) => ({ value: column.name, label: column.label }));
  return (
    <Stack gap="xs" ref={rows}>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      {Object.entries(set).map(([name, value]) => (
        <div key={name} className={classes.setRow} data-set={name}>
          <Place at={`fields/set${pointerTo(name)}`} young={fresh === name}>
            <Group gap={6} wrap="nowrap" mb={6}>
              <Select
                flex={1}
                searchable
                aria-label={t('builder.form.field')}
                data={
                  columns.some((column) => column.name === name)
                    ? free(name)
                    : [{ value: name, label: labelOf(name) }, ...free(null)]
                }
                value={name}
                onChange={(chosen) => chosen !== null && chosen !== name && rename(name, chosen)}
              />
              <ActionIcon
                aria-label={t('builder.form.removeField', { field: labelOf(name) })}
                onClick={() => onChange(without(set, name))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
            <ValueField
              facts={columns.find((column) => column.name === name)}
              value={value}
              label={t('builder.form.valueOf', { field: labelOf(name) })}
              onChange={(next) => onChange({ ...set, [name]: next }, `set.${name}`)}
            />
          </Place>
        </div>
      ))}
      {missing.length > 0 && (
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            {t('builder.form.alsoNeeds')}
          </Text>
          {missing.map((column) => (
            <Button key={column.name} size="compact-xs" variant="default" onClick={() => add(column.name)}>
              {column.label}
            </Button>
          ))}
        </Group>
      )}
      {adding ? (
        <Select
          searchable
          // Otherwise Mantine forgets, just after opening, that it marked the first match: Enter did nothing.
          selectFirstOptionOnDropdownOpen
          placeholder={t('builder.form.chooseField')}
          aria-label={t('builder.form.field')}
          data={free(null)}
          value={null}
          onChange={add}
          nothingFoundMessage={t('builder.form.noField')}
        />
      ) : (
        <Button
          size="compact-md"
          variant="light"
          w="fit-content"
          leftSection={<IconPlus size={15} />}
          onClick={() => setAdding(true)}
        >
          {t('builder.form.setAnother')}
        </Button>
      )}
    </Stack>
  );
}

/** What a column starts with before anything is typed. */
function start(column: Column | undefined): JSONValue {
  if (column && column.choices.length > 0) return column.choices[0] ?? '';
  if (column?.type === 'boolean') return true;
  return column === undefined || column.type === 'text' || column.type === 'other' ? '' : null;
}
