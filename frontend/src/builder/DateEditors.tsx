/** A day or a moment, typed and shown in the reader's own form; the calendar speaks their language. */
import '@mantine/dates/styles.css';
import 'dayjs/locale/ko';
import 'dayjs/locale/ru';
import 'dayjs/locale/zh-cn';
import { DateInput, DatesProvider, DateTimePicker } from '@mantine/dates';
import { useTranslation } from 'react-i18next';
import type { JSONValue } from '../model/json';
import { datePattern, dateTimePattern, monthTitle, yearTitle } from '../ui/dateFormat';
import { useLocale } from '../ui/locale';

type Props = {
  readonly value: JSONValue | undefined;
  readonly onChange: (value: JSONValue | undefined) => void;
  readonly label: string;
  readonly moment: boolean;
};

/** `2026-11-22 14:00:00` of the picker ↔ the UTC text that rules hold. */
function toInstant(text: string): string {
  return `${new Date(text.replace(' ', 'T')).toISOString().slice(0, 19)}+00:00`;
}

function fromInstant(value: JSONValue | undefined): string | null {
  const at = typeof value === 'string' ? new Date(value) : null;
  if (!at || Number.isNaN(at.getTime())) return null;
  const two = (number: number): string => String(number).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export function DateEditor({ value, onChange, label, moment }: Props) {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const ariaLabels = {
    previousMonth: t('look.calendar.previousMonth'),
    nextMonth: t('look.calendar.nextMonth'),
    previousYear: t('look.calendar.previousYear'),
    nextYear: t('look.calendar.nextYear'),
    previousDecade: t('look.calendar.previousDecade'),
    nextDecade: t('look.calendar.nextDecade'),
  };
  const heads = {
    monthLabelFormat: (day: string) => monthTitle(day, locale),
    yearLabelFormat: (day: string) => yearTitle(day, locale),
  };
  return (
    <DatesProvider settings={{ locale: i18n.language === 'zh' ? 'zh-cn' : i18n.language }}>
      {moment ? (
        <DateTimePicker
          aria-label={label}
          placeholder={t('builder.form.chooseDate')}
          value={fromInstant(value)}
          valueFormat={dateTimePattern(locale)}
          ariaLabels={ariaLabels}
          {...heads}
          submitButtonProps={{ 'aria-label': t('look.calendar.done') }}
          timePickerProps={{
            hoursInputLabel: t('look.calendar.hours'),
            minutesInputLabel: t('look.calendar.minutes'),
          }}
          onChange={(chosen) => onChange(chosen === null ? undefined : toInstant(chosen))}
        />
      ) : (
        <DateInput
          aria-label={label}
          placeholder={t('builder.form.chooseDate')}
          value={typeof value === 'string' ? value : null}
          valueFormat={datePattern(locale)}
          ariaLabels={ariaLabels}
          {...heads}
          onChange={(chosen) => onChange(chosen ?? undefined)}
        />
      )}
    </DatesProvider>
  );
}
