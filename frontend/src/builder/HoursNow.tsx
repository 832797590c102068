/** How the hours of the rule stand: open or closed now, what is wrong with them, how many holidays they have. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useHoursPreview } from '../api/calendars';
import { problemText } from '../i18n/problemText';
import type { JSONObject } from '../model/json';
import { useLocale } from '../ui/locale';
import { stateText } from '../ui/openText';
import classes from './panel.module.css';

export function HoursNow({ hours }: { hours: JSONObject | undefined }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { data } = useHoursPreview(hours);
  if (data === undefined) return null;
  return (
    <div className={classes.quiet} aria-live="polite" data-hours-now>
      {data.now !== null && <Text size="sm">{stateText(data.now, data.zone, locale, t)}</Text>}
      {data.holidays > 0 && (
        <Text size="sm" c="dimmed">
          {t('hours.holidays', { count: data.holidays })}
        </Text>
      )}
      {data.problems.map((problem) => (
        <Text
          key={problem.code}
          size="sm"
          c={problem.severity === 'warning' ? 'var(--ry-if)' : 'var(--mantine-color-error)'}
        >
          {problemText(problem, t)}
        </Text>
      ))}
    </div>
  );
}
