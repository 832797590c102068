/** Turns a rule off: at once where nothing waits in it, else it asks what becomes of what waits. */
import { Button, Modal, Progress, Radio, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOpenRuns, useTurnOff } from '../api/rules';
import { DialogActions } from './DialogActions';
import { useProblemText } from './States';
import { toastDone, toastError } from './toast';

interface Props {
  rule: { id: number; name: string };
  onClose: () => void;
  onDone?: () => void;
}

export function TurnOff({ rule, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const words = useProblemText();
  const [stopping, setStopping] = useState<number | null>(null);
  const open = useOpenRuns(rule.id, stopping !== null);
  const { mutate, isPending } = useTurnOff();
  const began = useRef(false);
  const [way, setWay] = useState<'finish' | 'stop'>('finish');
  const waits = open.data === undefined ? null : open.data.waiting + open.data.queued;
  const left = open.data === undefined ? 0 : open.data.waiting + open.data.queued + open.data.running;

  const turnOff = (goingOn: 'finish' | 'stop') =>
    mutate(
      { id: rule.id, goingOn },
      {
        onSuccess: () => {
          onDone?.();
          if (goingOn === 'stop') setStopping(waits ?? 0);
          else {
            toastDone(t('turnOff.done', { name: rule.name }));
            onClose();
          }
        },
        onError: (error) => {
          toastError(words(error));
          onClose();
        },
      },
    );
  const latest = useRef({ turnOff, onClose, rule });
  latest.current = { turnOff, onClose, rule };

  // Nothing waits: no question. Whether something does could not be read: what goes on may finish.
  const alone = open.isError || waits === 0;
  useEffect(() => {
    if (!alone || began.current || stopping !== null) return;
    began.current = true;
    latest.current.turnOff('finish');
  }, [alone, stopping]);

  const over = stopping !== null && open.isFetchedAfterMount && !open.isFetching && left === 0;
  useEffect(() => {
    if (!over || stopping === null) return;
    toastDone(t('turnOff.stopped', { name: latest.current.rule.name, count: stopping }));
    latest.current.onClose();
  }, [over, stopping, t]);

  return (
    <Modal
      opened={stopping !== null || (waits !== null && waits > 0 && !began.current)}
      onClose={onClose}
      title={t('turnOff.title', { name: rule.name })}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {stopping === null ? (
        <Stack gap="md">
          <Text size="sm">{t('turnOff.waiting', { count: waits ?? 0 })}</Text>
          <Radio.Group
            label={t('turnOff.which')}
            value={way}
            onChange={(value) => setWay(value === 'stop' ? 'stop' : 'finish')}
          >
            <Stack gap="sm" mt="xs">
              <Radio
                value="finish"
                label={t('turnOff.finish')}
                description={t('turnOff.finishHint')}
                data-autofocus
              />
              <Radio value="stop" label={t('turnOff.stop')} description={t('turnOff.stopHint')} />
            </Stack>
          </Radio.Group>
          <DialogActions onCancel={onClose}>
            <Button loading={isPending} onClick={() => turnOff(way)}>
              {t('turnOff.confirm')}
            </Button>
          </DialogActions>
        </Stack>
      ) : (
        <Stack gap="md">
          <Text size="sm" role="status">
            {t('turnOff.going', { done: Math.max(0, stopping - left), total: stopping })}
          </Text>
          <Progress
            value={stopping === 0 ? 100 : (100 * Math.max(0, stopping - left)) / stopping}
            aria-label={t('turnOff.stop')}
          />
          <Text size="sm" c="dimmed">
            {t('turnOff.closeHint')}
          </Text>
        </Stack>
      )}
    </Modal>
  );
}
