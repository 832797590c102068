import { Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useWatchSwitch } from '../api/connections';
import { useMay } from '../api/session';
import type { TableSummary } from '../api/types';
import { notWatchedText } from '../i18n/notWatchedText';
import { Confirm } from '../ui/Confirm';
import { useProblemText } from '../ui/States';
import { Switch } from '../ui/Switch';
import { toastDone, toastError } from '../ui/toast';

/** Starts watching at once; asks before it stops; says why a table cannot be watched. */
export function WatchSwitch({ connectionId, table }: { connectionId: number; table: TableSummary }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const mayWatch = useMay('publisher');
  const { mutate, isPending } = useWatchSwitch();
  const [asking, question] = useDisclosure(false);

  const put = (watchId: number | null) =>
    mutate(
      { connectionId, table: table.name, watchId },
      {
        onSuccess: () => {
          question.close();
          const done = watchId === null ? 'data.watched' : 'data.unwatched';
          toastDone(t(done, { table: table.label }));
        },
        onError: (error) => toastError(words(error)),
      },
    );

  if (!table.watchable && !table.watched) {
    return (
      <Text size="xs" c="dimmed">
        {notWatchedText(table, t)}
      </Text>
    );
  }
  return (
    <>
      <Switch
        on={table.watched}
        label={t('data.watchLabel', { table: table.label })}
        disabled={!mayWatch || isPending}
        onChange={(on) => (on ? put(null) : question.open())}
      />
      <Confirm
        opened={asking}
        title={t('data.unwatch.title', { table: table.label })}
        confirm={t('data.unwatch.confirm')}
        danger
        busy={isPending}
        onConfirm={() => put(table.watch_id)}
        onClose={question.close}
      >
        {t('data.unwatch.body')}
      </Confirm>
    </>
  );
}
