/** A time of day. While it is half typed nothing is told; left so, what was there before stands again. */
import { TimeInput } from '@mantine/dates';
import { useState } from 'react';

type Props = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (clock: string) => void;
};

export function ClockInput({ label, value, onChange }: Props) {
  const [half, setHalf] = useState(false);
  return (
    <TimeInput
      label={label}
      value={half ? '' : value}
      onBlur={() => setHalf(false)}
      onChange={({ currentTarget: { value: typed } }) => {
        setHalf(typed === '');
        if (typed !== '') onChange(typed);
      }}
    />
  );
}
