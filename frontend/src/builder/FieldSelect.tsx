/** Chooses a field: searchable, in groups. */
import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from './context';
import { type FieldGroup, fieldGroups } from './fields';
import { useOpened } from './store';

export function useFieldGroups(): FieldGroup[] {
  const { t } = useTranslation();
  const opened = useOpened();
  const { subject, words } = useRoom();
  return useMemo(
    () => fieldGroups(opened, subject.columns, subject.related, words, (key, values) => t(key, values ?? {})),
    [opened, subject.columns, subject.related, words, t],
  );
}

type Props = {
  readonly value: string | null;
  readonly onChange: (path: string) => void;
  readonly label: string;
  readonly error?: boolean;
  readonly autoFocus?: boolean;
};

export function FieldSelect({ value, onChange, label, error, autoFocus }: Props) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const groups = useFieldGroups();
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
      autoFocus={autoFocus ?? false}
      maxDropdownHeight={320}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      onChange={(path) => path !== null && onChange(path)}
    />
  );
}
