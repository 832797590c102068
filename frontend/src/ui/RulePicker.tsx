import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
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
  width?: number;
  autoFocus?: boolean;
}

/** Chooses one rule by typing some of its name; the server searches among all of them. */
export function RulePicker(props: Props) {
  const { value, onChange, label, hideLabel = false, description, placeholder, width, autoFocus } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const chosen = useRule(value);
  // What stands in the field is a name already chosen, not a search.
  const wanted = typed === null || typed === chosen.data?.name ? '' : typed.trim();
  const [search] = useDebouncedValue(wanted, 250);
  const names = useRuleNames(search);
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
      data={rules.map((rule) => ({ value: String(rule.id), label: rule.name }))}
      {...(autoFocus ? { 'data-autofocus': true } : {})}
    />
  );
}
