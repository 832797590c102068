import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StoredLog } from '../api/types';
import { bytes } from '../ui/bytes';
import { Card } from '../ui/Card';
import { day, span } from '../ui/days';
import { useLocale } from '../ui/locale';
import cards from '../ui/phoneCards.module.css';

/** Changes that are kept in each database: rules, explanations and back-tests read them. */
export function StoredLogs({ logs }: { logs: readonly StoredLog[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const kept = (one: StoredLog) =>
    one.most_bytes > 0
      ? t('settings.storage.keptAtMost', {
          time: span(one.keep_days, locale),
          size: bytes(one.most_bytes, locale),
        })
      : span(one.keep_days, locale);
  return (
    <Card title={t('settings.storage.logs')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('settings.storage.logsHint')}
      </Text>
      <Table className={cards.cards}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.storage.column.database')}</Table.Th>
            <Table.Th w={100} ta="right">
              {t('settings.storage.column.size')}
            </Table.Th>
            <Table.Th w={140} ta="right">
              {t('settings.storage.column.yesterday')}
            </Table.Th>
            <Table.Th w={190} pl="xl">
              {t('settings.storage.column.since')}
            </Table.Th>
            <Table.Th w={190}>{t('settings.storage.column.kept')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {logs.map((one) => (
            <Table.Tr key={one.log}>
              <Table.Td>{one.name === '' ? t('settings.storage.ownLog') : one.name}</Table.Td>
              <Table.Td data-label={t('settings.storage.column.size')} ta="right" className="ry-number">
                {bytes(one.size_bytes, locale)}
              </Table.Td>
              <Table.Td data-label={t('settings.storage.column.yesterday')} ta="right" className="ry-number">
                {one.growth_bytes === null ? '–' : bytes(one.growth_bytes, locale)}
              </Table.Td>
              <Table.Td data-label={t('settings.storage.column.since')} pl={{ sm: 'xl' }}>
                {one.oldest_on === null ? '–' : day(one.oldest_on, locale)}
              </Table.Td>
              <Table.Td data-label={t('settings.storage.column.kept')}>{kept(one)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
