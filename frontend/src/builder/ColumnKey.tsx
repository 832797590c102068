/** Which field of a row a column shows: one that is known, by its label, or a path that is typed (`owner.name`). */
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';

type Props = {
  readonly label: string;
  readonly known: readonly ColumnFacts[];
  readonly value: string;
  readonly onChange: (key: string) => void;
  readonly onLeave: () => void;
};

export function ColumnKey({ label, known, value, onChange, onLeave }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const placeholder = t('reports.form.keyPlaceholder');
  if (known.length === 0)
    return (
      <TextInput
        size="sm"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onBlur={onLeave}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  const offered = known.map((one) => ({ value: one.name, label: one.label }));
  /** What was typed in full counts when the field is left, as if it had been chosen. */
  const leave = (): void => {
    const wanted = typed.trim();
    const now = known.find((one) => one.name === value)?.label ?? value;
    if (wanted !== '' && wanted !== now)
      onChange(known.find((one) => one.label === wanted || one.name === wanted)?.name ?? wanted);
    onLeave();
  };
  const paths = [value, typed.trim()].filter(
    (path, index, all) =>
      path !== '' &&
      all.indexOf(path) === index &&
      !offered.some((one) => one.value === path || one.label === path),
  );
  return (
    <Select
      size="sm"
      searchable
      allowDeselect={false}
      aria-label={label}
      placeholder={placeholder}
      data={[...offered, ...paths.map((path) => ({ value: path, label: path }))]}
      value={value === '' ? null : value}
      onSearchChange={setTyped}
      onBlur={leave}
      onChange={(key) => key !== null && onChange(key)}
    />
  );
}
