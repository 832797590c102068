import { Switch as MantineSwitch } from '@mantine/core';

interface Props {
  on: boolean;
  label: string;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

/** On or off, green when on; its label is for screen readers. */
export function Switch({ on, label, disabled, onChange }: Props) {
  return (
    <MantineSwitch
      checked={on}
      aria-label={label}
      disabled={disabled ?? false}
      color="teal.8"
      size="sm"
      withThumbIndicator
      styles={{ track: { cursor: disabled ? 'not-allowed' : 'pointer' } }}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
