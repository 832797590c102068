import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useReadAgain } from '../api/connections';
import { useMay } from '../api/session';
import type { TableSummary } from '../api/types';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';

/** Mantine's own orange is too pale for words in the light, and a heavy fill in the dark. */
const TONES = {
  root: { border: '1px solid var(--ry-if)', background: 'var(--ry-if-bg)' },
  title: { color: 'var(--ry-if)' },
  icon: { color: 'var(--ry-if)' },
};

/** Changes that no rule has seen because they could not be read: why, and reading them again. */
export function StandsAside({ connectionId, table }: { connectionId: number; table: TableSummary }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const mayRead = useMay('publisher');
  const { mutate, isPending } = useReadAgain();
  if (table.aside === 0) return null;

  const again = () =>
    mutate(
      { connectionId, table: table.name },
      {
        onSuccess: ({ read, aside }) =>
          read === 0 && aside > 0
            ? toastError(t('data.aside.still', { count: aside }))
            : toastDone(t('data.aside.done', { count: read })),
        onError: (error) => toastError(words(error)),
      },
    );

  return (
    <Alert
      color="orange"
      styles={TONES}
      icon={<IconAlertTriangle size={18} />}
      title={t('data.aside.title', { count: table.aside })}
      mb="md"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('data.aside.body')}</Text>
        <Code>{table.aside_reason}</Code>
        {mayRead && (
          <Button size="xs" variant="default" loading={isPending} onClick={again}>
            {t('data.aside.again')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
