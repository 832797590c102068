/** Which records come first, and which of their fields are kept. */
import { Group, MultiSelect, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';
import { objectAt, textAt, textsAt } from '../model/json';
import { Place } from './Place';
import type { FieldsProps } from './TextField';

type Props = FieldsProps & { readonly columns: readonly ColumnFacts[] };

const UNORDERED = ['json', 'array', 'other'];

export function FindOrder({ fields, set, columns, many }: Props & { many: boolean }) {
  const { t } = useTranslation();
  const order = objectAt(fields, 'order');
  const column = textAt(order, 'column');
  const last = textAt(order, 'direction') === 'desc';
  const facts = columns.find((one) => one.name === column);
  const kind =
    facts?.type === 'date' || facts?.type === 'timestamp' || facts?.type === 'time'
      ? 'date'
      : facts?.type === 'integer' || facts?.type === 'number'
        ? 'number'
        : 'text';
  const offered = columns.filter((one) => !UNORDERED.includes(one.type));
  const put = (chosen: string | null, desc: boolean): void =>
    set('order', chosen === null ? undefined : { column: chosen, ...(desc ? { direction: 'desc' } : {}) });
  return (
    <Place at="fields/order">
      <Group gap={6} wrap="nowrap" align="flex-end">
        <Select
          flex={1}
          clearable
          searchable
          label={t(many ? 'builder.do.find_records.order' : 'builder.do.find_record.order')}
          placeholder={t('finding.byKey')}
          data={[
            ...offered.map((one) => ({ value: one.name, label: one.label })),
            ...(column !== '' && !offered.includes(facts ?? EMPTY) ? [{ value: column, label: column }] : []),
          ]}
          value={column === '' ? null : column}
          onChange={(chosen) =>
            put(chosen, last || (chosen !== null && column === '' && isTimely(columns, chosen)))
          }
        />
        {column !== '' && (
          <Select
            flex={1}
            aria-label={t('finding.direction')}
            data={(['asc', 'desc'] as const).map((one) => ({
              value: one,
              label: t(`finding.order.${kind}_${one}`),
            }))}
            value={last ? 'desc' : 'asc'}
            allowDeselect={false}
            onChange={(chosen) => put(column, chosen === 'desc')}
          />
        )}
      </Group>
    </Place>
  );
}

const EMPTY: ColumnFacts = { name: '', label: '', type: 'other', nullable: true, choices: [] };

/** Of dates the newest is mostly wanted first. */
function isTimely(columns: readonly ColumnFacts[], name: string): boolean {
  const type = columns.find((one) => one.name === name)?.type;
  return type === 'date' || type === 'timestamp';
}

export function FindColumns({ fields, set, columns }: Props) {
  const { t } = useTranslation();
  const chosen = textsAt(fields, 'columns');
  const gone = chosen.filter((name) => !columns.some((one) => one.name === name));
  return (
    <Place at="fields/columns">
      <MultiSelect
        label={t('builder.do.find_record.columns')}
        placeholder={chosen.length === 0 ? t('finding.everyColumn') : ''}
        searchable
        clearable
        data={[
          ...columns.map((one) => ({ value: one.name, label: one.label })),
          ...gone.map((name) => ({ value: name, label: name })),
        ]}
        value={[...chosen]}
        onChange={(names) => set('columns', names.length === 0 ? undefined : names)}
      />
    </Place>
  );
}
