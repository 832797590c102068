import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRule, useRuleNames } from '../api/rules';

interface Props {
  value: number | null;
  onChange: (id: number | null) => void;
  label: string;
  hideLabel?: boolean;
  description?: string;
  placeholder: string;
  width?: number | { base: string; sm: number };
  autoFocus?: boolean;
  /** Rules that start from this table (`connection schema.table`) come first, under a heading. */
  about?: string;
}

/** Chooses one rule by typing some of its name; the server searches among all of them. */
export function RulePicker(props: Props) {
  const {
    value,
    onChange,
    label,
    hideLabel = false,
    description,
    placeholder,
    width,
    autoFocus,
    about,
  } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const chosen = useRule(value);
  // What stands in the field is a name already chosen, not a search.
  const wanted = typed === null || typed === chosen.data?.name ? '' : typed.trim();
  const [search] = useDebouncedValue(wanted, 250);
  const names = useRuleNames(search);
  const near = useRuleNames(search, about ?? null);
  const found = names.data ?? [];
  const own = chosen.data;
  const rules =
    own === undefined || found.some((rule) => rule.id === own.id)
      ? found
      : [{ id: own.id, name: own.name }, ...found];
  return (
    <Select
      searchable
      selectFirstOptionOnDropdownOpen={value === null}
      clearable={hideLabel}
      clearButtonProps={{ 'aria-label': t('ui.rulePicker.clear') }}
      {...(width === undefined ? {} : { w: width })}
      {...(hideLabel ? { 'aria-label': label } : { label })}
      {...(description === undefined ? {} : { description })}
      placeholder={placeholder}
      nothingFoundMessage={names.isPending ? t('ui.loading') : t('ui.rulePicker.none')}
      value={value === null ? null : String(value)}
      onChange={(next) => onChange(next === null ? null : Number(next))}
      onSearchChange={setTyped}
      // The server has searched already; what is chosen stays in sight.
      filter={({ options }) => options}
      data={about === undefined ? rules.map(option) : grouped(near.data ?? [], rules, t)}
      {...(autoFocus ? { 'data-autofocus': true } : {})}
    />
  );
}

function option(rule: { id: number; name: string }) {
  return { value: String(rule.id), label: rule.name };
}

type Named = { id: number; name: string };

function grouped(near: Named[], all: Named[], t: TFunction) {
  const others = all.filter((rule) => !near.some((one) => one.id === rule.id));
  return [
    { group: t('why.dialog.here'), items: near.map(option) },
    { group: t('why.dialog.others'), items: others.map(option) },
  ].filter(({ items }) => items.length > 0);
}
