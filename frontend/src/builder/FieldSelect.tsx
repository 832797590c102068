/** Chooses a field: searchable, in groups. */
import { type ComboboxItem, Group, type OptionsFilter, Select, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeIn } from '../canvas/board';
import { TODAY_PARTS, type TodayPart } from '../model/today';
import { useRoom } from './context';
import { columnName, searchFields } from './fieldSearch';
import { type FieldGroup, fieldGroups, receivedGroup, stepGroups, todayGroup } from './fields';
import { useSought } from './sought';
import { useBuilder, useOpened } from './store';

/** `zone`: where the day and the time may be asked for as well, by whose clock; `parts`: what of them. */
export function useFieldGroups(
  zone: string | null = null,
  parts: readonly TodayPart[] = TODAY_PARTS,
): FieldGroup[] {
  const { t } = useTranslation();
  const opened = useOpened();
  const { subject, words } = useRoom();
  const step = useBuilder((state) => state.selected);
  return useMemo(() => {
    const say = (key: string, values?: Record<string, unknown>): string => t(key, values ?? {});
    const earlier = step === null ? [] : stepGroups(opened, step, subject.table, subject.tables, words, say);
    const node = step === null ? undefined : nodeIn(opened, step);
    const groups = [
      ...(node ? receivedGroup(node, words, say) : []),
      ...fieldGroups(opened, subject.columns, subject.related, words, say, earlier),
    ];
    return zone === null
      ? groups
      : [...groups.slice(0, -1), todayGroup(zone, say, parts), ...groups.slice(-1)];
  }, [opened, step, subject, words, t, zone, parts]);
}

const filter: OptionsFilter = ({ options, search }) => searchFields(options, search);

function Option({ option }: { option: ComboboxItem }) {
  const name = columnName(option.label, option.value);
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap" flex={1} miw={0}>
      <span>{option.label}</span>
      {name !== '' && (
        <Text span size="xs" c="dimmed" ff="monospace" className="ry-cut" aria-hidden>
          {name}
        </Text>
      )}
    </Group>
  );
}

type Props = {
  readonly value: string | null;
  readonly onChange: (path: string) => void;
  readonly label: string;
  readonly error?: boolean;
  readonly autoFocus?: boolean;
  /** Offers what is known of today, by the clock of this zone. */
  readonly zone?: string | null;
  /** Is it asked about? In a where that is a field of the sought record. */
  readonly asked?: boolean;
};

export function FieldSelect({ value, onChange, label, error, autoFocus, zone = null, asked = false }: Props) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const own = useFieldGroups(zone);
  const sought = useSought();
  const groups = asked && sought ? sought.groups : own;
  const known = value === null || groups.some((group) => group.items.some((item) => item.value === value));
  const data = known
    ? groups
    : [
        ...groups,
        {
          group: t('builder.field.groupUnknown'),
          items: [{ value: value ?? '', label: words.field(value ?? '') }],
        },
      ];
  return (
    <Select
      searchable
      aria-label={label}
      placeholder={t('builder.form.chooseField')}
      nothingFoundMessage={t('builder.form.noField')}
      data={data.map((group) => ({ group: group.group, items: [...group.items] }))}
      value={value}
      error={error ?? false}
      rightSectionWidth={26}
      filter={filter}
      renderOption={Option}
      autoFocus={autoFocus ?? false}
      maxDropdownHeight={320}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      onChange={(path) => path !== null && onChange(path)}
    />
  );
}
