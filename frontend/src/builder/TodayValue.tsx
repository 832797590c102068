/** What today is compared with: days of the week as chips, months by name, a time of day. */
import { Button, Chip, Group, MultiSelect, Select, Stack } from '@mantine/core';
import { TimeInput } from '@mantine/dates';
import { useTranslation } from 'react-i18next';
import { monthName, weekdayName } from '../canvas/today';
import { isList, type JSONValue } from '../model/json';
import type { TodayPart } from '../model/today';
import { useLocale } from '../ui/locale';

type Props = {
  readonly part: TodayPart;
  readonly value: JSONValue | undefined;
  readonly onChange: (value: JSONValue | undefined) => void;
  readonly label: string;
  readonly many: boolean;
};

const DAYS = [1, 2, 3, 4, 5, 6, 7];
const PRESETS = [
  { key: 'workdays', days: [1, 2, 3, 4, 5] },
  { key: 'weekend', days: [6, 7] },
] as const;

function numbersOf(value: JSONValue | undefined): number[] {
  return isList(value) ? value.filter((one) => typeof one === 'number') : [];
}

function Days({ value, onChange, label }: Omit<Props, 'part' | 'many'>) {
  const { t } = useTranslation();
  const locale = useLocale();
  const chosen = numbersOf(value);
  const put = (days: readonly number[]): void => onChange(days.length === 0 ? undefined : [...days]);
  return (
    <Stack gap={6}>
      <fieldset aria-label={label} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Chip.Group
          multiple
          value={chosen.map(String)}
          onChange={(texts) => put(DAYS.filter((day) => texts.includes(String(day))))}
        >
          <Group gap={6}>
            {DAYS.map((day) => (
              <Chip key={day} value={String(day)} size="sm">
                {weekdayName(day, locale)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </fieldset>
      <Group gap={4}>
        {PRESETS.map(({ key, days }) => (
          <Button key={key} size="compact-xs" variant="default" onClick={() => put(days)}>
            {t(`builder.today.${key}`)}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}

/** A day or a month by its name. */
function Named({ part, value, onChange, label, many }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const count = part === 'weekday' ? 7 : 12;
  const name = part === 'weekday' ? weekdayName : monthName;
  const data = Array.from({ length: count }, (_, index) => ({
    value: String(index + 1),
    label: name(index + 1, locale),
  }));
  if (many) {
    const chosen = numbersOf(value).map(String);
    return (
      <MultiSelect
        aria-label={label}
        data={data}
        value={chosen}
        placeholder={chosen.length === 0 ? t('builder.form.chooseSome') : ''}
        searchable
        onChange={(texts) => onChange(texts.length === 0 ? undefined : texts.map(Number))}
      />
    );
  }
  return (
    <Select
      aria-label={label}
      data={data}
      value={typeof value === 'number' ? String(value) : null}
      placeholder={t('builder.form.chooseValue')}
      searchable
      onChange={(chosen) => onChange(chosen === null ? undefined : Number(chosen))}
    />
  );
}

export function TodayValue(props: Props) {
  const { part, value, onChange, label, many } = props;
  if (part === 'weekday' && many) return <Days value={value} onChange={onChange} label={label} />;
  if (part !== 'time') return <Named {...props} />;
  // Written with seconds, as the time of day is that it is compared with.
  return (
    <TimeInput
      aria-label={label}
      value={typeof value === 'string' ? value.slice(0, 5) : ''}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        onChange(typed === '' ? undefined : `${typed}:00`);
      }}
    />
  );
}
