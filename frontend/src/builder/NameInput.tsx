/** The name of a row among others. One that another row has, or none at all, is not taken: nothing is lost while one types. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type Props = {
  readonly label: string;
  readonly value: string;
  readonly maxLength?: number;
  /** False where the name is another's. */
  readonly onName: (name: string) => boolean;
};

export function NameInput({ label, value, maxLength, onName }: Props) {
  const { t } = useTranslation();
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <TextInput
      flex={1}
      aria-label={label}
      {...(maxLength === undefined ? {} : { maxLength })}
      value={refused ?? value}
      error={refused !== null && refused !== '' ? t('builder.form.nameTaken') : null}
      onBlur={() => setRefused(null)}
      onChange={({ currentTarget: { value: typed } }) =>
        setRefused(typed !== '' && onName(typed) ? null : typed)
      }
    />
  );
}
