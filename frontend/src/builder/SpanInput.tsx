/** A span of time: how many of which unit. */
import { Group, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CountInput } from '../ui/CountInput';
import { Place } from './Place';

type Span<Unit extends string> = { readonly amount: number; readonly unit: Unit };

type Props<Unit extends string> = {
  readonly place: string;
  readonly label: string;
  readonly span: { readonly amount: number; readonly unit: string };
  readonly units: readonly Unit[];
  /** The most of a unit. */
  readonly most?: (unit: Unit) => number;
  readonly onChange: (span: Span<Unit>, typing: boolean) => void;
};

const MOST = 10_000;

export function SpanInput<Unit extends string>({
  place,
  label,
  span,
  units,
  most = () => MOST,
  onChange,
}: Props<Unit>) {
  const { t } = useTranslation();
  const [first] = units;
  const unit = units.find((one) => one === span.unit) ?? first;
  if (unit === undefined) return null;
  return (
    <Place at={place}>
      <Group gap="sm" grow align="flex-end">
        <CountInput
          label={label}
          value={span.amount}
          max={most(unit)}
          onChange={(amount) => onChange({ amount, unit }, true)}
        />
        <Select
          aria-label={t('builder.form.unit')}
          data={units.map((one) => ({ value: one, label: t(`builder.unit.${one}`, { count: span.amount }) }))}
          value={span.unit === unit ? unit : null}
          onChange={(word) => {
            const chosen = units.find((one) => one === word);
            if (chosen !== undefined)
              onChange({ amount: Math.min(span.amount, most(chosen)), unit: chosen }, false);
          }}
        />
      </Group>
    </Place>
  );
}
