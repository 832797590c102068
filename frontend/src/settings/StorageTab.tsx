import { Progress, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStorage } from '../api/storage';
import type { Storage, StoredKind } from '../api/types';
import { bytes } from '../ui/bytes';
import { Card } from '../ui/Card';
import { day, days, span } from '../ui/days';
import { useLocale } from '../ui/locale';
import cards from '../ui/phoneCards.module.css';
import { LoadError, LoadingRows } from '../ui/States';
import { StoredLogs } from './StoredLogs';

const RUNS: readonly StoredKind['kind'][] = ['runs', 'steps', 'attempts'];

/** What takes room, how fast it grows, and when the oldest goes: for everybody who wonders whether it fills the disk. */
export function StorageTab() {
  const { t } = useTranslation();
  const storage = useStorage();
  if (storage.data === undefined) {
    if (!storage.isError) return <LoadingRows />;
    return (
      <LoadError
        title={t('settings.storage.error')}
        error={storage.error}
        onRetry={() => void storage.refetch()}
      />
    );
  }
  return (
    <Stack gap="lg" maw={880}>
      <Outlook storage={storage.data} />
      <Kinds storage={storage.data} />
      {storage.data.logs.length > 0 && <StoredLogs logs={storage.data.logs} />}
    </Stack>
  );
}

/** In sentences: how much, where it will level off, what goes next. */
function Outlook({ storage }: { storage: Storage }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const grows = storage.kinds.reduce((sum, one) => sum + (one.growth_bytes ?? 0), 0);
  const others = storage.kinds.reduce((sum, one) => sum + (RUNS.includes(one.kind) ? 0 : one.size_bytes), 0);
  const whole = others + grows * (storage.keep_runs_days + 7);
  const { next } = storage;
  return (
    <Card>
      <Text size="xl" fw={650}>
        {t('settings.storage.takes', { size: bytes(storage.database_bytes, locale) })}
      </Text>
      <Text size="sm" mt={4}>
        {t('settings.storage.grows', { size: bytes(grows, locale) })}{' '}
        {whole > storage.database_bytes && t('settings.storage.levels', { size: bytes(whole, locale) })}
      </Text>
      {next !== null && (
        <Text size="sm" c="dimmed" mt={4} data-next>
          {t('settings.storage.next', {
            days: days(next.from_on, next.to_on, locale),
            day: day(next.goes_on, locale),
            size: bytes(next.size_bytes, locale),
          })}
        </Text>
      )}
    </Card>
  );
}

function Kinds({ storage }: { storage: Storage }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const most = Math.max(...storage.kinds.map((one) => one.size_bytes), 1);
  function kept(one: StoredKind): string {
    if (RUNS.includes(one.kind)) {
      return t('settings.storage.keptRuns', {
        well: span(storage.keep_runs_days, locale),
        failed: span(storage.keep_failed_days, locale),
      });
    }
    if (one.kind === 'other') return '–';
    return one.keep_days === null ? t('settings.storage.forever') : span(one.keep_days, locale);
  }
  return (
    <Card title={t('settings.storage.ours')}>
      <Table className={cards.cards}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.storage.column.what')}</Table.Th>
            <Table.Th w={120} ta="right">
              {t('settings.storage.column.size')}
            </Table.Th>
            <Table.Th w={140} ta="right">
              {t('settings.storage.column.growth')}
            </Table.Th>
            <Table.Th w={270} pl="xl">
              {t('settings.storage.column.kept')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {storage.kinds.map((one) => (
            <Table.Tr key={one.kind} data-kind={one.kind}>
              <Table.Td>
                {t(`settings.storage.kind.${one.kind}`)}
                <Progress value={(100 * one.size_bytes) / most} size={4} mt={6} aria-hidden />
              </Table.Td>
              <Table.Td data-label={t('settings.storage.column.size')} ta="right" className="ry-number">
                {bytes(one.size_bytes, locale)}
              </Table.Td>
              <Table.Td data-label={t('settings.storage.column.growth')} ta="right" className="ry-number">
                {one.growth_bytes === null ? '–' : bytes(one.growth_bytes, locale)}
              </Table.Td>
              <Table.Td data-label={t('settings.storage.column.kept')} pl={{ sm: 'xl' }}>
                {kept(one)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
