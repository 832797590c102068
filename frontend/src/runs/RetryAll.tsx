/** Retry everything that failed and fits the filters: says first what it would do, then how far it is. */
import { Anchor, Button, Group, List, Modal, Progress, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRetryPreview, useRetryProgress, useStartRetry, useStopRetry } from '../api/runs';
import type { RunFilter } from '../api/types';
import { DialogActions } from '../ui/DialogActions';
import { LoadError, LoadingRows, useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';

export function RetryAll({ filter }: { filter: RunFilter }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="default"
        mb="md"
        leftSection={<IconRefresh size={16} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t('runs.all.open')}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('runs.all.title')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        {opened && <Dialog filter={filter} onClose={() => setOpened(false)} />}
      </Modal>
    </>
  );
}

function Dialog({ filter, onClose }: { filter: RunFilter; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const preview = useRetryPreview(filter);
  const start = useStartRetry(filter);
  const [begun, setBegun] = useState<number | null>(null);
  if (begun !== null) return <Going id={begun} onClose={onClose} />;
  const seen = preview.data;
  if (seen === undefined) {
    if (!preview.isError) return <LoadingRows rows={2} />;
    return (
      <LoadError title={t('runs.all.error')} error={preview.error} onRetry={() => void preview.refetch()} />
    );
  }
  const begin = () =>
    start.mutate(seen, {
      onSuccess: (retry) => setBegun(retry.id),
      onError: (error) => {
        toastError(words(error));
        void preview.refetch();
      },
    });
  return (
    <Stack gap="md">
      <Text size="sm">
        {seen.count === 0 ? t('runs.all.none') : t('runs.all.would', { count: seen.count })}
      </Text>
      {seen.groups.length > 0 && (
        <List size="sm" data-groups>
          {seen.groups.map((group) => (
            <List.Item key={`${group.rule_id} ${group.node ?? ''}`}>
              {t('runs.all.group', { count: group.runs, rule: group.rule_name })}
            </List.Item>
          ))}
        </List>
      )}
      {seen.unknown > 0 && (
        <Text size="sm" c="dimmed">
          {t('runs.all.unknown', { count: seen.unknown })}{' '}
          <Anchor component={Link} to="/runs?state=unknown" size="sm" underline="always" onClick={onClose}>
            {t('runs.all.see')}
          </Anchor>
        </Text>
      )}
      {seen.count > 0 && (
        <Text size="sm" c="dimmed">
          {t('runs.all.noUndo')}
        </Text>
      )}
      <DialogActions onCancel={onClose}>
        {seen.count > 0 && (
          <Button loading={start.isPending} onClick={begin} data-autofocus>
            {t('runs.all.confirm', { count: seen.count })}
          </Button>
        )}
      </DialogActions>
    </Stack>
  );
}

function Going({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const progress = useRetryProgress(id);
  const stop = useStopRetry();
  const state = progress.data?.state ?? 'running';
  const done = progress.data?.done ?? 0;
  const total = progress.data?.total ?? 0;
  return (
    <Stack gap="md">
      <Text size="sm" role="status">
        {t(`runs.all.${state}`, { count: done, total })}
      </Text>
      <Progress
        value={total === 0 ? 0 : (done / total) * 100}
        aria-label={t('runs.all.progress')}
        animated={state === 'running'}
      />
      <Group justify="flex-end" gap="sm">
        {state === 'running' && (
          <Button
            variant="default"
            loading={stop.isPending}
            onClick={() => stop.mutate(id, { onError: (error) => toastError(words(error)) })}
          >
            {t('runs.all.stop')}
          </Button>
        )}
        <Button
          onClick={() => {
            if (state === 'running') toastDone(t('runs.all.goesOn'));
            onClose();
          }}
        >
          {t('ui.close')}
        </Button>
      </Group>
    </Stack>
  );
}
