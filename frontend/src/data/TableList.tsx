import { Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { TableSummary } from '../api/types';
import { useLocale } from '../ui/locale';
import cards from '../ui/phoneCards.module.css';
import { RelativeTime } from '../ui/RelativeTime';
import classes from './Data.module.css';
import { NewCount } from './NewCount';
import { WatchSwitch } from './WatchSwitch';

export function TableList({ connectionId, tables }: { connectionId: number; tables: TableSummary[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const count = new Intl.NumberFormat(locale, { notation: 'compact' });
  return (
    <div className={classes.scroll}>
      <Table className={`${classes.table} ${cards.cards}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('data.column.table')}</Table.Th>
            <Table.Th w={130} ta="right">
              {t('data.column.records')}
            </Table.Th>
            <Table.Th w={170} pl="xl">
              {t('data.column.watch')}
            </Table.Th>
            <Table.Th w={170}>{t('data.column.lastChange')}</Table.Th>
            <Table.Th w={140} ta="right">
              {t('data.column.day')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tables.map((table) => (
            <Table.Tr key={table.name} className={classes.row}>
              <Table.Td>
                <Link
                  to="/data"
                  search={{ connection: connectionId, table: table.name }}
                  className={classes.link}
                >
                  {table.label}
                </Link>{' '}
                <NewCount count={table.new_fields ?? 0} />
                <Text size="xs" c="dimmed">
                  {table.name} · {t('data.fieldsCount', { count: table.columns_count })}
                </Text>
              </Table.Td>
              <Table.Td
                data-label={t('data.column.records')}
                data-nothing={table.rows_estimate <= 0 || undefined}
                ta="right"
                className="ry-number"
              >
                <Text size="sm" component="span">
                  {table.rows_estimate > 0
                    ? t('data.about', { number: count.format(table.rows_estimate) })
                    : '—'}
                </Text>
              </Table.Td>
              <Table.Td data-aside pl={{ sm: 'xl' }}>
                <WatchSwitch connectionId={connectionId} table={table} />
              </Table.Td>
              <Table.Td>
                <LastChange table={table} />
              </Table.Td>
              <Table.Td data-nothing={!table.watched || undefined} ta="right" className="ry-number">
                <Text size="sm" {...(table.events_24h === 0 ? { c: 'dimmed' } : {})}>
                  {table.watched ? t('data.changes', { count: table.events_24h }) : '—'}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function LastChange({ table }: { table: TableSummary }) {
  const { t } = useTranslation();
  if (!table.watched) {
    return (
      <Text size="sm" c="dimmed">
        {t('data.notWatched')}
      </Text>
    );
  }
  return (
    <Text size="sm" component="div">
      {table.last_change_at === null ? t('data.none') : <RelativeTime at={table.last_change_at} />}
    </Text>
  );
}
