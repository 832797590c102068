/** A literal value, edited as its field's type: choices, numbers, dates, yes or no, text. */
import { MultiSelect, NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import { DateInput, DateTimePicker } from '@mantine/dates';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';
import { isList, type JSONValue } from '../model/json';
import { humanise } from '../model/names';

type Props = {
  readonly facts: ColumnFacts | undefined;
  readonly value: JSONValue | undefined;
  readonly onChange: (value: JSONValue | undefined) => void;
  readonly label: string;
  readonly many?: boolean;
};

function numberFrom(value: string | number): number | undefined {
  const number = typeof value === 'number' ? value : Number(value);
  return value === '' || Number.isNaN(number) ? undefined : number;
}

/** The separators of the reader's language. */
export function separators(language: string): { thousandSeparator: string; decimalSeparator: string } {
  const parts = new Intl.NumberFormat(language).formatToParts(12345.6);
  return {
    thousandSeparator: parts.find((part) => part.type === 'group')?.value ?? ',',
    decimalSeparator: parts.find((part) => part.type === 'decimal')?.value ?? '.',
  };
}

function Many({ facts, value, onChange, label }: Props) {
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
      value={chosen}
      onChange={put}
      placeholder={chosen.length === 0 ? t('builder.form.typeSome') : ''}
      acceptValueOnBlur
    />
  );
}

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

export function ValueEditor(props: Props) {
  const { facts, value, onChange, label, many } = props;
  const { t, i18n } = useTranslation();
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
          {...separators(i18n.language)}
          onChange={(typed) => onChange(numberFrom(typed))}
        />
      );
    case 'date':
      return (
        <DateInput
          aria-label={label}
          placeholder={t('builder.form.chooseDate')}
          value={typeof value === 'string' ? value : null}
          valueFormat="YYYY-MM-DD"
          onChange={(chosen) => onChange(chosen ?? undefined)}
        />
      );
    case 'timestamp':
      return (
        <DateTimePicker
          aria-label={label}
          placeholder={t('builder.form.chooseDate')}
          value={fromInstant(value)}
          onChange={(chosen) => onChange(chosen === null ? undefined : toInstant(chosen))}
        />
      );
    default:
      return (
        <TextInput
          aria-label={label}
          placeholder={t('builder.form.typeValue')}
          value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
          onChange={(event) =>
            onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)
          }
        />
      );
  }
}
