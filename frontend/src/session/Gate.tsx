import { Text, Title } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDocumentName } from '../ui/useDocumentName';
import classes from './Gate.module.css';

interface Props {
  title: string;
  body?: string;
  children: ReactNode;
}

/** The page before the product: one card in the middle. */
export function Gate({ title, body, children }: Props) {
  const { t } = useTranslation();
  useDocumentName(title);
  return (
    <main className={classes.gate}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <span className={classes.mark} aria-hidden="true">
            <IconBolt size={22} stroke={2.2} />
          </span>
          <span>Ruleyard</span>
        </div>
        <Title order={1} size="h2" fz={24}>
          {title}
        </Title>
        <Text c="dimmed" size="sm" mt={4} mb="lg">
          {body ?? t('session.tagline')}
        </Text>
        {children}
      </div>
    </main>
  );
}
