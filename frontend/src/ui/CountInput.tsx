/** A whole number within limits. While it is empty nothing is told; left so, what was there before stands again. */
import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useLocale } from './locale';
import { separators } from './separators';

type Props = {
  readonly label: string;
  readonly description?: string;
  /** 0: none is said yet. */
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
};

export function CountInput({ label, description, value, min = 1, max, onChange }: Props) {
  const locale = useLocale();
  const [empty, setEmpty] = useState(false);
  return (
    <NumberInput
      label={label}
      {...(description === undefined ? {} : { description })}
      min={min}
      max={max}
      allowDecimal={false}
      allowNegative={false}
      {...separators(locale)}
      value={empty || value === 0 ? '' : value}
      onBlur={() => setEmpty(false)}
      onChange={(typed) => {
        const number = typed === '' ? 0 : Number(typed);
        setEmpty(number === 0);
        // Too much becomes the most when the field is left.
        if (number >= min && number <= max) onChange(number);
      }}
    />
  );
}
