/** Fields that came since somebody looked, until somebody says that they are known. */
import { Button, Text } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSeeFields } from '../api/fields';
import { useMay } from '../api/session';
import type { TableDetail } from '../api/types';
import { useLocale } from '../ui/locale';
import { useProblemText } from '../ui/States';
import { toastError } from '../ui/toast';
import classes from './Data.module.css';

export function NewFields({ connectionId, table }: { connectionId: number; table: TableDetail }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const inWords = useProblemText();
  const maySee = useMay('editor');
  const see = useSeeFields(connectionId, table.name);
  const fresh = table.columns.filter((one) => one.new);
  if (fresh.length === 0) return null;
  const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(fresh.map((one) => one.label));
  return (
    <section className={classes.asking} aria-label={t('fields.found', { count: fresh.length })}>
      <IconSparkles size={20} aria-hidden />
      <div className={classes.grow}>
        <Text size="sm" fw={600}>
          {t('fields.found', { count: fresh.length })}
        </Text>
        <Text size="sm" c="dimmed">
          {list}
        </Text>
      </div>
      {maySee && (
        <Button
          variant="default"
          size="compact-sm"
          loading={see.isPending}
          onClick={() => see.mutate(undefined, { onError: (error) => toastError(inWords(error)) })}
        >
          {t('fields.gotIt')}
        </Button>
      )}
    </section>
  );
}
