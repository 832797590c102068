/** What a calendar that is being edited comes to: open or closed now, the next openings, warnings. */
import { List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { useCalendarCheck } from '../../api/calendars';
import { problemText } from '../../i18n/problemText';
import { useLocale } from '../../ui/locale';
import { momentName, stateText } from '../../ui/openText';
import classes from './calendars.module.css';
import { clockName } from './said';

type Props = {
  readonly preview: ReturnType<typeof useCalendarCheck>['data'];
  readonly zone: string;
};

export function Outcome({ preview, zone }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (preview === undefined) return null;
  const sameDay = (one: string, other: string) =>
    new Date(one).toLocaleDateString('en', { timeZone: zone }) ===
    new Date(other).toLocaleDateString('en', { timeZone: zone });
  return (
    <div className={classes.quiet} aria-live="polite" data-outcome>
      {preview.now !== null && (
        <>
          <Text size="sm" fw={600}>
            {stateText(preview.now, zone, locale, t)}
          </Text>
          <Text size="xs" c="dimmed" mt={8} mb={2}>
            {t('calendars.form.openings')}
          </Text>
          <List size="sm" listStyleType="none">
            {preview.openings.map(({ opens_at, closes_at }) => (
              <List.Item key={opens_at} className="ry-number">
                {momentName(opens_at, zone, locale)} –{' '}
                {sameDay(opens_at, closes_at)
                  ? clockName(closes_at, zone, locale)
                  : momentName(closes_at, zone, locale)}
              </List.Item>
            ))}
          </List>
        </>
      )}
      {preview.problems.map((problem) => (
        <Text
          key={`${problem.path} ${problem.code}`}
          size="sm"
          mt={6}
          c={problem.severity === 'warning' ? 'var(--ry-if)' : 'var(--mantine-color-error)'}
        >
          {problemText(problem, t)}
        </Text>
      ))}
    </div>
  );
}
