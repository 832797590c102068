/** The items of a list that a run goes through: how they ended, each with its own trace; and where an item belongs. */
import { Button, Group, Switch, Text } from '@mantine/core';
import { IconRefresh, IconRepeat } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRetryItems, useRunItems } from '../../api/runs';
import { useMay } from '../../api/session';
import type { Run } from '../../api/types';
import { RunPill } from '../../ui/RunPill';
import { useProblemText } from '../../ui/States';
import { toastDone, toastError } from '../../ui/toast';
import classes from './items.module.css';

type Counts = NonNullable<Run['items']>[string];

export function RunItems({ run, node, counts }: { run: Run; node: string; counts: Counts }) {
  const { t } = useTranslation();
  const mayEdit = useMay('editor');
  const inWords = useProblemText();
  const retry = useRetryItems(run.id);
  const [failedOnly, setFailedOnly] = useState(false);
  const skipped = counts.skipped + counts.cancelled;
  const parts = [
    t('items.done', { count: counts.succeeded }),
    ...(counts.failed > 0 ? [t('items.failedCount', { count: counts.failed })] : []),
    ...(skipped > 0 ? [t('items.skippedCount', { count: skipped })] : []),
    ...(counts.open > 0 ? [t('items.openCount', { count: counts.open })] : []),
  ];
  const again = (): void =>
    retry.mutate(node, {
      onSuccess: ({ retried }) => toastDone(t('items.retried', { count: retried })),
      onError: (error) => toastError(inWords(error)),
    });
  return (
    <section className={classes.box} aria-label={t('items.list')} data-items={node}>
      <h3 className={classes.title}>
        <IconRepeat size={16} aria-hidden /> {t('items.title', { count: counts.count })}
      </h3>
      <Text size="sm" c="dimmed" role="status">
        {parts.join(' · ')}
      </Text>
      {counts.failed > 0 && (
        <Group gap="sm" mt="xs">
          {mayEdit && (
            <Button
              size="compact-md"
              variant="light"
              leftSection={<IconRefresh size={15} />}
              loading={retry.isPending}
              onClick={again}
            >
              {t('items.retry')}
            </Button>
          )}
          <Switch
            label={t('items.onlyFailed')}
            checked={failedOnly}
            onChange={(event) => setFailedOnly(event.currentTarget.checked)}
          />
        </Group>
      )}
      <Listed run={run} node={node} failed={failedOnly && counts.failed > 0} going={counts.open > 0} />
    </section>
  );
}

function Listed(props: { run: Run; node: string; failed: boolean; going: boolean }) {
  const { run, node, failed, going } = props;
  const { t } = useTranslation();
  const inWords = useProblemText();
  const items = useRunItems(run.id, node, failed, going);
  if (items.error)
    return (
      <Text size="sm" c="var(--mantine-color-error)" mt="xs">
        {t('items.loadError')} {inWords(items.error)}
      </Text>
    );
  const rows = items.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <ol className={classes.list}>
        {rows.map((item) => (
          <li key={item.id} data-item={item.item_index ?? undefined}>
            <Link to="/runs/$runId" params={{ runId: String(item.id) }} className={classes.link}>
              {t('items.number', { number: (item.item_index ?? 0) + 1 })}
            </Link>
            <span className={classes.label}>{item.record_label}</span>
            <RunPill state={item.state} />
          </li>
        ))}
      </ol>
      {items.hasNextPage && (
        <Button
          size="compact-md"
          variant="subtle"
          loading={items.isFetchingNextPage}
          onClick={() => void items.fetchNextPage()}
        >
          {t('items.more')}
        </Button>
      )}
    </>
  );
}

/** Of an item run: whose list it belongs to. */
export function ItemOf({ run }: { run: Run }) {
  const { t } = useTranslation();
  if (run.parent_run === null || run.parent_run === undefined) return null;
  return (
    <Text size="sm" mb="md" data-item-of={run.parent_run}>
      {t('items.of', { number: (run.item_index ?? 0) + 1, run: run.parent_run })}{' '}
      <Link to="/runs/$runId" params={{ runId: String(run.parent_run) }} className={classes.link}>
        {t('items.toRun')}
      </Link>
    </Text>
  );
}
