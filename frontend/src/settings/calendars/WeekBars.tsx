/** The week of a calendar as bars over the hours of the day. */
import { useTranslation } from 'react-i18next';
import type { CalendarInput } from '../../api/types';
import { useLocale } from '../../ui/locale';
import classes from './calendars.module.css';
import { DAYS, type Span } from './draft';
import { dayName, spanText } from './said';

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
const percent = (clock: string): number => (100 * minutes(clock)) / 1_440;

export function WeekBars({ week }: { week: CalendarInput['week'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const told = DAYS.map((day) => {
    const spans = week[day].map((span) => spanText(span)).join(', ');
    return `${dayName(day, locale)} ${spans === '' ? t('calendars.week.free') : spans}`;
  });
  return (
    <div className={classes.bars} role="img" aria-label={told.join('; ')}>
      {DAYS.map((day) => (
        <Row key={day} name={dayName(day, locale, 'short')} spans={week[day]} />
      ))}
      <span />
      <div className={classes.scale} aria-hidden>
        {['0', '6', '12', '18', '24'].map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </div>
    </div>
  );
}

function Row({ name, spans }: { name: string; spans: readonly Span[] }) {
  return (
    <>
      <span>{name}</span>
      <div className={classes.track}>
        {spans.map(([from, to]) => (
          <div
            key={from}
            className={classes.bar}
            style={{ left: `${percent(from)}%`, width: `${Math.max(0, percent(to) - percent(from))}%` }}
          />
        ))}
      </div>
    </>
  );
}
