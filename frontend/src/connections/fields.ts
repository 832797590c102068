/** What the fields of every kind of connection are given. */
import type { UseFormReturnType } from '@mantine/form';
import type { FormValues } from './settings';

export interface ConnectionFields {
  form: UseFormReturnType<FormValues>;
  editing: boolean;
  /** The names of the secrets that are stored. */
  kept: readonly string[];
}
