/** A ready list of public holidays: country, part of it, years; looked at before it is put into the calendar. */
import { Button, Chip, Group, Select, Stack, Text } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCountries, useCountry, useReadyList } from '../../api/calendars';
import type { Holiday, MakeUpDay } from '../../api/types';
import { isLanguage } from '../../i18n';
import { useLocale } from '../../ui/locale';
import { useProblemText } from '../../ui/States';
import classes from './calendars.module.css';
import { dateName, dateOfYear } from './said';

export type FoundList = {
  readonly holidays: readonly Holiday[];
  readonly make_up?: readonly MakeUpDay[];
  readonly years: readonly number[];
};

type Props = {
  readonly onPut: (list: FoundList) => void;
  readonly onList: (list: FoundList | null) => void;
};

/** Tells which list is seen, for as long as it is seen. */
export function useSeen(list: FoundList | undefined, onList: Props['onList']): void {
  useEffect(() => {
    onList(list !== undefined && list.holidays.length > 0 ? list : null);
    return () => onList(null);
  }, [list, onList]);
}

export function FillHolidays({ onPut, onList }: Props) {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const words = useProblemText();
  const id = useId();
  const thisYear = new Date().getFullYear();
  const [country, setCountry] = useState<string | null>(regionOf(locale));
  const [part, setPart] = useState<string | null>(null);
  const [years, setYears] = useState([String(thisYear), String(thisYear + 1)]);
  const codes = useCountries();
  const parts = useCountry(country).data?.parts ?? [];
  const language = isLanguage(i18n.language) ? i18n.language : 'en';
  const list = useReadyList({ country, part, years: years.map(Number), language });
  const failed = codes.error ?? list.error;
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const found = country === null ? undefined : list.data;
  useSeen(found, onList);
  return (
    <Stack gap="sm" className={classes.quiet} mb="sm">
      <Group gap="sm" grow align="flex-start">
        <Select
          label={t('calendars.fill.country')}
          disabled={codes.data === undefined}
          searchable
          limit={80}
          data={(codes.data ?? [])
            .map((code) => ({ value: code, label: names.of(code) ?? code }))
            .sort((a, b) => a.label.localeCompare(b.label, locale))}
          value={country}
          onChange={(code) => {
            setCountry(code);
            setPart(null);
          }}
        />
        {parts.length > 0 && (
          <Select
            label={t('calendars.fill.part')}
            searchable
            clearable
            placeholder={t('calendars.fill.whole')}
            data={parts.map((one) => ({ value: one.code, label: one.name }))}
            value={part}
            onChange={setPart}
          />
        )}
      </Group>
      <div>
        <Text size="sm" fw={600} mb={6} id={id}>
          {t('calendars.fill.years')}
        </Text>
        <Chip.Group multiple value={years} onChange={setYears}>
          <Group gap={6} role="group" aria-labelledby={id}>
            {[-1, 0, 1, 2].map((ahead) => (
              <Chip
                key={ahead}
                value={String(thisYear + ahead)}
                size="sm"
                classNames={{ label: classes.year ?? '' }}
              >
                {String(thisYear + ahead)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </div>
      {failed !== null && (
        <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
          {words(failed)}
        </Text>
      )}
      {found !== undefined && (
        <>
          <Days list={found} />
          <Text size="xs" c="dimmed">
            {t('calendars.fill.mind')}
          </Text>
          <Group justify="flex-end">
            <Button
              variant="default"
              disabled={found.holidays.length === 0 || list.isPlaceholderData}
              onClick={() => onPut(found)}
            >
              {t('calendars.put', { count: found.holidays.length + found.make_up.length })}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

/** What would be put, to look at first. */
export function Days({ list }: { list: FoundList }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const all = [
    ...list.holidays.map((one) => ({ ...one, worked: false })),
    ...(list.make_up ?? []).map((one) => ({ ...one, yearly: false, worked: true })),
  ].sort((a, b) => a.on.localeCompare(b.on));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={classes.dates} tabIndex={0} aria-label={t('calendars.found')} data-found>
      {all.map((one) => (
        <div key={one.on} className={classes.date}>
          <Text size="sm">{one.name}</Text>
          <Text size="sm" c="dimmed" className="ry-number">
            {one.yearly ? dateName(one.on, locale, true) : dateOfYear(one.on, locale)}
            {one.worked ? ` · ${t('calendars.days.kinds.worked')}` : ''}
          </Text>
        </div>
      ))}
    </section>
  );
}

/** `ko-KR` → KR. */
function regionOf(locale: string): string | null {
  return new Intl.Locale(locale).maximize().region ?? null;
}
