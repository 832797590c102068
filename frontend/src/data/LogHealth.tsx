import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLog, useWatchAgain } from '../api/connections';
import { useMay } from '../api/session';
import type { LogTrouble } from '../api/types';
import { Attention } from '../ui/Attention';
import { bytes } from '../ui/bytes';
import { useLocale } from '../ui/locale';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';
import classes from './Data.module.css';
import { GoOn } from './GoOn';

interface Props {
  connectionId: number;
  /** Only what concerns this table. */
  table?: string;
}

/** What is wrong with the capture of a database, each with what to do; and how much room its changes take. */
export function LogHealth({ connectionId, table }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const log = useLog(connectionId);
  if (log.data === undefined || log.data.checked_at === null) return null;
  const { troubles, size_bytes, growth_bytes, oldest_on, most_bytes } = log.data;
  const mine = troubles.filter((one) => table === undefined || one.table === '' || one.table === table);
  const parts = [t('data.log.size', { size: bytes(size_bytes, locale) })];
  if (oldest_on !== null) {
    parts.push(t('data.log.since', { day: new Date(`${oldest_on}T00:00:00`).toLocaleDateString(locale) }));
  }
  if (growth_bytes !== null) parts.push(t('data.log.growth', { size: bytes(growth_bytes, locale) }));
  if (most_bytes > 0) parts.push(t('data.log.most', { size: bytes(most_bytes, locale) }));
  return (
    <>
      {mine.length > 0 && (
        <div className={classes.troubles}>
          <Attention title={t('data.trouble.title', { count: mine.length })}>
            {mine.map((one) => (
              <Trouble key={`${one.code} ${one.table}`} trouble={one} connectionId={connectionId} />
            ))}
          </Attention>
        </div>
      )}
      {table === undefined && (
        <Text size="xs" c="dimmed" mb="sm">
          {parts.join(' · ')}
        </Text>
      )}
    </>
  );
}

const AGAIN: readonly string[] = ['table-gone', 'trigger-gone', 'trigger-off', 'key-changed'];

function Trouble({ trouble, connectionId }: { trouble: LogTrouble; connectionId: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const problem = useProblemText();
  const mayWatch = useMay('publisher');
  const again = useWatchAgain();
  const { code, table, args, watch_id } = trouble;
  const size = typeof args['size_bytes'] === 'number' ? bytes(args['size_bytes'], locale) : '';
  const words = t(`data.trouble.${code}`, { ...args, table, size, defaultValue: trouble.message });
  return (
    <div className={classes.trouble} data-trouble={code}>
      <Text size="sm">{words}</Text>
      {AGAIN.includes(code) && watch_id !== null && mayWatch && (
        <Button
          size="xs"
          variant="default"
          loading={again.isPending}
          onClick={() =>
            again.mutate(watch_id, {
              onSuccess: () => toastDone(t('data.watched', { table })),
              onError: (error) => toastError(problem(error)),
            })
          }
        >
          {t('data.trouble.again')}
        </Button>
      )}
      {code === 'log-replaced' && mayWatch && <GoOn connectionId={connectionId} trouble={trouble} />}
    </div>
  );
}
