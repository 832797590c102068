/** The fields of a table: what they are called, their type, an example, and which rules use them. */
import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSamples } from '../api/connections';
import { useFieldUses } from '../api/fields';
import { useMay } from '../api/session';
import type { TableColumn, TableDetail } from '../api/types';
import { useLocale } from '../ui/locale';
import { Pill } from '../ui/Pill';
import cards from '../ui/phoneCards.module.css';
import classes from './Data.module.css';
import { FieldName } from './FieldName';
import { FieldUses } from './FieldUses';
import { NewFields } from './NewFields';
import { useValue } from './useValue';

interface Props {
  connectionId: number;
  connectionName: string;
  table: TableDetail;
}

export function Fields({ connectionId, connectionName, table }: Props) {
  const { t } = useTranslation();
  const mayRead = useMay('editor');
  const uses = useFieldUses(connectionId, table.name);
  const used = new Map(uses.data?.items.map((one) => [one.column, one.rules]));
  return (
    <>
      <NewFields connectionId={connectionId} table={table} />
      <div className={classes.scroll}>
        <Table className={`${classes.table} ${cards.cards}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('data.field.name')}</Table.Th>
              <Table.Th w={110}>{t('data.field.type')}</Table.Th>
              {mayRead && <Table.Th w={150}>{t('fields.example')}</Table.Th>}
              <Table.Th w={120}>{t('fields.usedBy')}</Table.Th>
              <Table.Th>{t('data.field.notes')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {table.columns.map((column) => (
              <Table.Tr key={column.name}>
                <Table.Td>
                  <FieldName connectionId={connectionId} table={table.name} column={column} />
                </Table.Td>
                <Table.Td data-label={t('data.field.type')} data-line>
                  <Text size="sm" title={column.db_type}>
                    {t(`data.type.${column.type}`)}
                  </Text>
                </Table.Td>
                {mayRead && (
                  <Table.Td data-label={t('fields.example')} data-line>
                    <div className={classes.grow}>
                      <Example connectionId={connectionId} table={table.name} column={column} />
                    </div>
                  </Table.Td>
                )}
                <Table.Td data-label={t('fields.usedBy')} data-line>
                  {uses.data && (
                    <FieldUses
                      label={column.label}
                      rules={used.get(column.name) ?? []}
                      about={`${connectionName} ${table.name}`}
                      table={table.label}
                    />
                  )}
                </Table.Td>
                <Table.Td>
                  <Notes column={column} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}

interface ExampleProps {
  connectionId: number;
  table: string;
  column: TableColumn;
}

/** A value from a recent record, and how many of those have none; nothing of a column that is left out. */
function Example({ connectionId, table, column }: ExampleProps) {
  const { t } = useTranslation();
  const show = useValue();
  const samples = useSamples(connectionId, table);
  if (column.left_out) {
    return (
      <Text size="sm" c="dimmed">
        {t('fields.hidden')}
      </Text>
    );
  }
  const values = samples.data?.items.map((one) => one.record[column.name]) ?? [];
  const filled = values.filter((value) => value !== null && value !== undefined && value !== '');
  if (values.length === 0) return null;
  return (
    <>
      {filled.length > 0 && (
        <Text size="sm" className={classes.example ?? ''} title={show(filled[0])}>
          {show(filled[0])}
        </Text>
      )}
      {filled.length < values.length && (
        <Text size="xs" c="dimmed">
          {t('fields.empty', { count: values.length, empty: values.length - filled.length })}
        </Text>
      )}
    </>
  );
}

function Notes({ column }: { column: TableColumn }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const list = new Intl.ListFormat(locale, { type: 'disjunction' });
  return (
    <div className={classes.notes}>
      {column.new && <Pill tone="good">{t('fields.new')}</Pill>}
      {column.left_out && <Pill tone="warn">{t('fields.leftOut')}</Pill>}
      {column.primary_key && <Pill tone="new">{t('data.field.key')}</Pill>}
      {column.generated && <Pill tone="still">{t('data.field.generated')}</Pill>}
      {!column.nullable && !column.primary_key && <Pill tone="still">{t('data.field.required')}</Pill>}
      {column.references !== null && (
        <Pill tone="busy">{t('data.field.refers', { table: column.references })}</Pill>
      )}
      {column.choices.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('data.field.choices', { list: list.format(column.choices) })}
        </Text>
      )}
    </div>
  );
}
