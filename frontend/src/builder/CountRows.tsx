/** Which records count as work that somebody has: a field and the values that it may hold. */
import { ActionIcon, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';
import { type Counted, countedOf, countedValue } from '../model/counting';
import { pointerTo } from '../model/fix';
import { isList, type JSONObject, type JSONValue, without } from '../model/json';
import { humanise } from '../model/names';
import { Place } from './Place';
import { ValueEditor } from './ValueEditor';
import { AdvancedValue } from './ValueField';

type Props = {
  readonly columns: readonly ColumnFacts[];
  readonly where: JSONObject;
  readonly onChange: (where: JSONObject) => void;
};

export function CountRows({ columns, where, onChange }: Props) {
  const { t } = useTranslation();
  const free = columns.filter((column) => !(column.name in where));
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {t('desk.count')}
      </Text>
      {Object.entries(where).map(([name, value]) => {
        const facts = columns.find((column) => column.name === name);
        const field = facts?.label ?? humanise(name);
        return (
          <Place key={name} at={`fields/count_where${pointerTo(name)}`}>
            <Group gap={6} wrap="nowrap" align="center" data-count={name}>
              <Text size="sm" w={92} flex="none" className="ry-cut" title={field}>
                {field}
              </Text>
              <div style={{ flex: 1, minWidth: 0 }}>
                <Values
                  facts={facts}
                  field={field}
                  value={value}
                  onChange={(next) => onChange({ ...where, [name]: next })}
                />
              </div>
              <ActionIcon
                aria-label={t('builder.form.removeField', { field })}
                onClick={() => onChange(without(where, name))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          </Place>
        );
      })}
      <Select
        searchable
        aria-label={t('desk.countAdd')}
        placeholder={t(Object.keys(where).length === 0 ? 'desk.countAll' : 'desk.countAdd')}
        data={free.map((column) => ({ value: column.name, label: column.label }))}
        value={null}
        onChange={(name) => name !== null && onChange({ ...where, [name]: [] })}
      />
    </Stack>
  );
}

type ValuesProps = {
  readonly facts: ColumnFacts | undefined;
  readonly field: string;
  readonly value: JSONValue;
  readonly onChange: (value: JSONValue) => void;
};

function Values({ facts, field, value, onChange }: ValuesProps) {
  const { t } = useTranslation();
  const counted = countedOf(value);
  // Of yes and no there is one; both together are everything.
  const one = facts?.type === 'boolean';
  if (counted === null || (one && counted.values.length > 1)) return <AdvancedValue value={value} />;
  const put = (next: Partial<Counted>): void => onChange(countedValue({ ...counted, ...next }));
  return (
    <Stack gap={6}>
      <ValueEditor
        many={!one}
        facts={facts}
        label={t('desk.countValue', { field })}
        value={one ? counted.values[0] : counted.values}
        onChange={(next) => put({ values: next === undefined ? [] : isList(next) ? next : [next] })}
      />
      {(counted.empty || facts?.nullable === true) && (
        <Checkbox
          size="xs"
          label={t('desk.countEmpty', { field })}
          checked={counted.empty}
          onChange={(event) => put({ empty: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
