import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './PageHeader.module.css';
import { useDocumentName } from './useDocumentName';

interface Props {
  title: string;
  subtitle?: ReactNode;
  actions?: ReactNode;
}

/** The top of a page: its name, one line of numbers, and its buttons on the right. */
export function PageHeader({ title, subtitle, actions }: Props) {
  useDocumentName(title);
  return (
    <header className={classes.header}>
      <div>
        <Title order={1}>{title}</Title>
        {subtitle !== undefined && (
          <Text c="dimmed" size="sm" component="div">
            {subtitle}
          </Text>
        )}
      </div>
      {actions !== undefined && <Group gap="sm">{actions}</Group>}
    </header>
  );
}
