/** The days of a calendar that are free, or worked, other than the week says: by year, added one by one or as a list. */
import { ActionIcon, Button, Group, Tabs, Text } from '@mantine/core';
import { IconClipboardText, IconPlus, IconWorld, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalendarInput, Problem } from '../../api/types';
import { problemText } from '../../i18n/problemText';
import { useLocale } from '../../ui/locale';
import { AddDay } from './AddDay';
import classes from './calendars.module.css';
import { byYear, putList, putSpecial, type Special, specials } from './draft';
import { FillHolidays, type FoundList } from './FillHolidays';
import { PasteHolidays } from './PasteHolidays';
import { dateName, dayName } from './said';

type Props = {
  readonly draft: CalendarInput;
  readonly problems: readonly Problem[];
  readonly onChange: (draft: CalendarInput) => void;
  /** The list that is looked at and not put in; null where there is none. */
  readonly onList: (list: FoundList | null) => void;
};

const WAYS = ['fill', 'paste', 'add'] as const;
const ICONS = { fill: IconWorld, paste: IconClipboardText, add: IconPlus };

export function SpecialDays({ draft, problems, onChange, onList }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<(typeof WAYS)[number] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const years = byYear(specials(draft));
  const shown = years.find((one) => one.year === chosen) ?? years.at(-1);
  const wrong = problems.filter(
    (one) => one.severity !== 'warning' && /^\/(holidays|make_up)/.test(one.path),
  );
  return (
    <section aria-label={t('calendars.days.title')} data-special-days>
      <Text size="sm" fw={600} mb={6}>
        {t('calendars.days.title')}
      </Text>
      <Group gap="xs" mb="sm">
        {WAYS.map((way) => {
          const Icon = ICONS[way];
          return (
            <Button
              key={way}
              size="xs"
              variant="default"
              leftSection={<Icon size={15} />}
              aria-expanded={open === way}
              onClick={() => setOpen(open === way ? null : way)}
            >
              {t(`calendars.days.${way}`)}
            </Button>
          );
        })}
      </Group>
      {open === 'fill' && (
        <FillHolidays
          onList={onList}
          onPut={(list) => {
            onChange(putList(draft, list));
            setChosen(String(list.years.at(-1) ?? ''));
            setOpen(null);
          }}
        />
      )}
      {open === 'paste' && (
        <PasteHolidays
          onList={onList}
          onPut={(list) => {
            onChange(putList(draft, list));
            setChosen(String(list.years.at(-1) ?? ''));
            setOpen(null);
          }}
        />
      )}
      {open === 'add' && (
        <AddDay
          week={draft.week}
          onPut={(day) => {
            onChange(putSpecial(draft, '', day));
            setChosen(day.kind === 'yearly' ? '' : day.on.slice(0, 4));
          }}
        />
      )}
      {shown === undefined ? (
        <Text size="sm" c="dimmed">
          {t('calendars.days.none')}
        </Text>
      ) : (
        <Tabs value={shown.year || 'every'} onChange={(value) => setChosen(value === 'every' ? '' : value)}>
          <Tabs.List mb={4}>
            {years.map(({ year, days }) => (
              <Tabs.Tab key={year} value={year || 'every'}>
                {year || t('calendars.days.every')} ({days.length})
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={shown.year || 'every'} className={classes.dates ?? ''}>
            {shown.days.map((day) => (
              <Row key={day.on} day={day} onRemove={() => onChange(putSpecial(draft, day.on, null))} />
            ))}
          </Tabs.Panel>
        </Tabs>
      )}
      {wrong.map((problem) => (
        <Text key={`${problem.path} ${problem.code}`} size="sm" c="var(--mantine-color-error)">
          {problemText(problem, t)}
        </Text>
      ))}
    </section>
  );
}

function Row({ day, onRemove }: { day: Special; onRemove: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const date = dateName(day.on, locale, day.kind === 'yearly');
  return (
    <div className={classes.date} data-date={day.on}>
      <Text size="sm">
        <span className="ry-number">{date}</span> {day.name}
        {day.kind === 'worked' && (
          <Text span size="sm" c="dimmed">
            {' '}
            {t('calendars.days.worked', { day: dayName(day.like, locale) })}
          </Text>
        )}
      </Text>
      <ActionIcon aria-label={t('calendars.days.remove', { date, name: day.name })} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}
