import { Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSamples } from '../api/connections';
import type { TableDetail } from '../api/types';
import { LoadError, LoadingRows } from '../ui/States';
import classes from './Data.module.css';
import { useValue } from './useValue';

export function Samples({ connectionId, table }: { connectionId: number; table: TableDetail }) {
  const { t } = useTranslation();
  const show = useValue();
  const samples = useSamples(connectionId, table.name);
  if (samples.data === undefined) {
    if (!samples.isError) return <LoadingRows />;
    return (
      <LoadError
        title={t('data.records.error')}
        error={samples.error}
        onRetry={() => void samples.refetch()}
      />
    );
  }
  if (samples.data.items.length === 0) return <Text c="dimmed">{t('data.records.empty')}</Text>;
  return (
    // A wide table scrolls sideways, also by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling needs focus
    <section className={classes.scroll} tabIndex={0} aria-label={t('data.tab.records')}>
      <Table className={classes.samples}>
        <Table.Thead>
          <Table.Tr>
            {table.columns.map((column) => (
              <Table.Th key={column.name}>{column.label}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {samples.data.items.map((sample) => (
            <Table.Tr key={sample.record_key}>
              {table.columns.map((column, place) => (
                <Table.Td key={column.name} title={show(sample.record[column.name])}>
                  {place === 0 ? (
                    <Link
                      to="/data"
                      search={{ connection: connectionId, table: table.name, record: sample.key }}
                      className={classes.link}
                      aria-label={t('why.record.open', { record: sample.label || sample.record_key })}
                    >
                      {show(sample.record[column.name])}
                    </Link>
                  ) : (
                    show(sample.record[column.name])
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
