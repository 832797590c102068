/** A literal value, edited as its field's type: choices, numbers, dates, yes or no, text. */
import { Autocomplete, MultiSelect, NumberInput, Select, TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';
import { isList, type JSONValue } from '../model/json';
import { humanise } from '../model/names';
import { todayOf } from '../model/today';
import { useLocale } from '../ui/locale';
import { separators } from '../ui/separators';
import { DateEditor } from './DateEditors';
import { TodayValue } from './TodayValue';
import type { SuggestionGroup } from './useSuggestions';

type Props = {
  readonly facts: ColumnFacts | undefined;
  readonly value: JSONValue | undefined;
  readonly onChange: (value: JSONValue | undefined) => void;
  readonly label: string;
  readonly many?: boolean;
  readonly suggestions?: readonly SuggestionGroup[];
};

const NOTHING: readonly SuggestionGroup[] = [];

function numberFrom(value: string | number): number | undefined {
  const number = typeof value === 'number' ? value : Number(value);
  return value === '' || Number.isNaN(number) ? undefined : number;
}

function Many({ facts, value, onChange, label, suggestions = NOTHING }: Props) {
  const { t } = useTranslation();
  const numeric = facts?.type === 'integer' || facts?.type === 'number';
  const chosen = isList(value) ? value.map(String) : [];
  const put = (texts: string[]): void => {
    const values = numeric ? texts.map(Number).filter((one) => !Number.isNaN(one)) : texts;
    onChange(values.length === 0 ? undefined : values);
  };
  if (facts && facts.choices.length > 0) {
    return (
      <MultiSelect
        aria-label={label}
        data={facts.choices.map((choice) => ({ value: choice, label: humanise(choice) }))}
        value={chosen}
        onChange={put}
        placeholder={chosen.length === 0 ? t('builder.form.chooseSome') : ''}
        searchable
      />
    );
  }
  return (
    <TagsInput
      aria-label={label}
      data={suggestions.map((one) => ({ group: one.group, items: [...one.items] }))}
      value={chosen}
      onChange={put}
      placeholder={chosen.length === 0 ? t('builder.form.typeSome') : ''}
      acceptValueOnBlur
    />
  );
}

export function ValueEditor(props: Props) {
  const { facts, value, onChange, label, many, suggestions = NOTHING } = props;
  const { t } = useTranslation();
  const locale = useLocale();
  const part = todayOf(facts?.name ?? '')?.part;
  if (part === 'weekday' || part === 'month' || part === 'time') {
    return <TodayValue part={part} value={value} onChange={onChange} label={label} many={many ?? false} />;
  }
  if (many) return <Many {...props} />;
  if (facts && facts.choices.length > 0) {
    return (
      <Select
        aria-label={label}
        searchable
        placeholder={t('builder.form.chooseValue')}
        data={facts.choices.map((choice) => ({ value: choice, label: humanise(choice) }))}
        value={typeof value === 'string' ? value : null}
        onChange={(chosen) => onChange(chosen ?? undefined)}
      />
    );
  }
  switch (facts?.type) {
    case 'boolean':
      return (
        <Select
          aria-label={label}
          placeholder={t('builder.form.chooseValue')}
          data={[
            { value: 'true', label: t('builder.value.yes') },
            { value: 'false', label: t('builder.value.no') },
          ]}
          value={typeof value === 'boolean' ? String(value) : null}
          onChange={(chosen) => onChange(chosen === null ? undefined : chosen === 'true')}
        />
      );
    case 'integer':
    case 'number':
      return (
        <NumberInput
          aria-label={label}
          placeholder={t('builder.form.typeNumber')}
          value={typeof value === 'number' ? value : ''}
          allowDecimal={facts.type === 'number'}
          hideControls
          {...separators(locale)}
          onChange={(typed) => onChange(numberFrom(typed))}
        />
      );
    case 'date':
    case 'timestamp':
      return (
        <DateEditor label={label} value={value} onChange={onChange} moment={facts.type === 'timestamp'} />
      );
    default:
      return (
        <Autocomplete
          aria-label={label}
          placeholder={t('builder.form.typeValue')}
          data={suggestions.map((one) => ({ group: one.group, items: [...one.items] }))}
          maxDropdownHeight={260}
          value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
          onChange={(typed) => onChange(typed === '' ? undefined : typed)}
        />
      );
  }
}
