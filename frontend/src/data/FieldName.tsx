/** What a field is called, to be changed in place: Enter keeps it, Escape does not, empty goes back to its own name. */
import { ActionIcon, Group, Text, TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNameField } from '../api/fields';
import { useMay } from '../api/session';
import type { TableColumn } from '../api/types';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';
import classes from './Data.module.css';

interface Props {
  connectionId: number;
  table: string;
  column: TableColumn;
}

export function FieldName({ connectionId, table, column }: Props) {
  const { t } = useTranslation();
  const inWords = useProblemText();
  const mayName = useMay('editor');
  const name = useNameField(connectionId, table);
  const [typed, setTyped] = useState<string | null>(null);
  const pencil = useRef<HTMLButtonElement>(null);

  const close = (): void => {
    setTyped(null);
    // The button comes back with the next drawing.
    requestAnimationFrame(() => pencil.current?.focus());
  };
  const keep = (): void => {
    if (typed === null) return;
    const label = typed.trim();
    if (label === column.label) {
      close();
      return;
    }
    name.mutate(
      { column: column.name, label },
      {
        onSuccess: () =>
          toastDone(label === '' ? t('fields.back', { name: column.name }) : t('fields.named', { label })),
        onError: (error) => toastError(inWords(error)),
        onSettled: close,
      },
    );
  };

  if (typed !== null) {
    return (
      <TextInput
        size="sm"
        autoFocus
        aria-label={t('fields.label', { name: column.name })}
        description={t('fields.labelHint')}
        maxLength={80}
        value={typed}
        disabled={name.isPending}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
          if (event.key === 'Escape') close();
        }}
      />
    );
  }
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" className={classes.fieldName ?? ''}>
      <div>
        <Text size="sm" fw={600}>
          {column.label}
        </Text>
        <Text size="xs" c="dimmed">
          {column.name}
        </Text>
      </div>
      {mayName && (
        <ActionIcon
          ref={pencil}
          aria-label={t('fields.rename', { label: column.label })}
          onClick={() => setTyped(column.label)}
        >
          <IconPencil size={15} />
        </ActionIcon>
      )}
    </Group>
  );
}
