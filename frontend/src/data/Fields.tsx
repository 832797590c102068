import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { TableColumn } from '../api/types';
import { useLocale } from '../ui/locale';
import { Pill } from '../ui/Pill';
import classes from './Data.module.css';

export function Fields({ columns }: { columns: TableColumn[] }) {
  const { t } = useTranslation();
  return (
    <div className={classes.scroll}>
      <Table className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('data.field.name')}</Table.Th>
            <Table.Th w={180}>{t('data.field.type')}</Table.Th>
            <Table.Th>{t('data.field.notes')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map((column) => (
            <Table.Tr key={column.name}>
              <Table.Td>
                <Text size="sm" fw={600}>
                  {column.label}
                </Text>
                <Text size="xs" c="dimmed">
                  {column.name}
                </Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm" title={column.db_type}>
                  {t(`data.type.${column.type}`)}
                </Text>
              </Table.Td>
              <Table.Td>
                <Notes column={column} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Notes({ column }: { column: TableColumn }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const list = new Intl.ListFormat(locale, { type: 'disjunction' });
  return (
    <div className={classes.notes}>
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
