import { Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconSearchOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/client';
import classes from './States.module.css';

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** Nothing here yet: what will appear, and how to make it appear. */
export function Empty({ icon, title, children, actions }: EmptyProps) {
  return (
    <div className={classes.empty}>
      {icon !== undefined && <div className={classes.icon}>{icon}</div>}
      <Title order={2}>{title}</Title>
      {children !== undefined && (
        <Text c="dimmed" size="sm" maw={460} component="div">
          {children}
        </Text>
      )}
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

/** A search or filter that found nothing. */
export function NoResult({ title, clear, onClear }: { title: string; clear: string; onClear: () => void }) {
  return (
    <Empty
      icon={<IconSearchOff size={24} />}
      title={title}
      actions={
        <Button variant="default" onClick={onClear}>
          {clear}
        </Button>
      }
    />
  );
}

/** What went wrong in plain words. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    if (!isProblem(error)) return t('ui.problem.unknown');
    if (error.status === 0) return t('ui.problem.unreachable');
    if (error.code === 'role-too-weak') return t('ui.problem.forbidden');
    // A server that says nothing of itself, as a proxy before one that is away.
    if (error.status >= 500 && error.detail === '' && !i18n.exists(`refusals.${error.code}`))
      return t(error.status === 500 ? 'ui.problem.unknown' : 'refusals.unavailable');
    // The server says in English what is the matter, and names things; other languages have words for each code.
    const said = error.detail || error.title;
    return i18n.resolvedLanguage === 'en' ? said : t(`refusals.${error.code}`, { defaultValue: said });
  };
}

/** Loading failed: says so, and offers another try. */
export function LoadError({ title, error, onRetry }: { title: string; error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const words = useProblemText();
  return (
    <div role="alert">
      <Empty
        icon={<IconAlertTriangle size={24} />}
        title={title}
        actions={
          <Button variant="default" onClick={onRetry}>
            {t('ui.tryAgain')}
          </Button>
        }
      >
        {words(error)}
      </Empty>
    </div>
  );
}

/** Grey rows in the place of rows that are on their way. */
export function LoadingRows({ rows = 6, height = 44 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  const places = Array.from({ length: rows }, (_, index) => index);
  return (
    <Stack gap="sm" role="status" aria-label={t('ui.loading')}>
      {places.map((place) => (
        <Skeleton key={place} height={height} radius="md" />
      ))}
    </Stack>
  );
}
