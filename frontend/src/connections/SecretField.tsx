/** A key or a password: it goes in and never comes back. Where one is stored, an empty field keeps it. */
import type { PasswordInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PasswordField } from '../ui/PasswordField';

interface Props extends PasswordInputProps {
  kept: boolean;
  /** Where it is found. */
  hint?: string;
}

export function SecretField({ kept, hint, ...rest }: Props) {
  const { t } = useTranslation();
  const state = t(kept ? 'connections.form.passwordKept' : 'connections.form.passwordHint');
  return (
    <PasswordField
      autoComplete="new-password"
      description={hint === undefined ? state : `${hint} ${state}`}
      {...rest}
    />
  );
}
