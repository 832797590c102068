import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLog } from '../api/connections';
import { useLocale } from '../ui/locale';
import { fullTime } from '../ui/time';
import classes from './Data.module.css';

const SHOWN = 3;

/** The times in which changes of a table were not captured: nobody can say what happened then. */
export function Gaps({ connectionId, table }: { connectionId: number; table: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const log = useLog(connectionId);
  const gaps = (log.data?.gaps ?? []).filter((gap) => gap.table === '' || gap.table === table);
  if (gaps.length === 0) return null;
  return (
    <ul className={classes.gaps} aria-label={t('data.gap.label')}>
      {gaps.slice(0, SHOWN).map((gap) => {
        const from = fullTime(new Date(gap.from_at), locale);
        const why = t(`data.gap.cause.${gap.cause}`);
        const words =
          gap.to_at === null
            ? t('data.gap.open', { from, why })
            : t('data.gap.closed', { from, to: fullTime(new Date(gap.to_at), locale), why });
        return (
          <Text key={`${gap.table} ${gap.from_at}`} component="li" size="sm" c="dimmed">
            {words}
          </Text>
        );
      })}
    </ul>
  );
}
