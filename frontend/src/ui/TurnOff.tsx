/** Turns a rule off: at once where nothing waits in it, else it asks what becomes of what waits. */
import { Button, Modal, Progress, Radio, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOpenRuns, useTurnOff } from '../api/rules';
import { DialogActions } from './DialogActions';
import { useProblemText } from './States';
import { toastDone, toastError } from './toast';
import { useFocusBack } from './useFocusBack';

interface Props {
  rule: { id: number; name: string };
  onClose: () => void;
  onDone?: () => void;
}

/** `count`: the records that somebody is asked about, or that are being stopped. */
type Phase =
  | { kind: 'looking' }
  | { kind: 'asking'; count: number }
  | { kind: 'turning'; count: number }
  | { kind: 'stopping'; count: number };

export function TurnOff({ rule, onClose, onDone }: Props) {
  const { t } = useTranslation();
  useFocusBack();
  const words = useProblemText();
  const [phase, setPhase] = useState<Phase>({ kind: 'looking' });
  const open = useOpenRuns(rule.id, phase.kind === 'stopping');
  const { mutate } = useTurnOff();
  const [way, setWay] = useState<'finish' | 'stop'>('finish');
  const left = open.data === undefined ? 0 : open.data.waiting + open.data.queued + open.data.running;

  const turnOff = (goingOn: 'finish' | 'stop', count: number) => {
    setPhase({ kind: 'turning', count });
    mutate(
      { id: rule.id, goingOn },
      {
        onSuccess: () => {
          onDone?.();
          if (goingOn === 'stop') setPhase({ kind: 'stopping', count });
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
  };
  const latest = useRef({ turnOff, onClose, name: rule.name });
  latest.current = { turnOff, onClose, name: rule.name };

  // Nothing waits: no question. Where that could not be read, what goes on may finish.
  const waits = open.isError ? 0 : open.data && open.data.waiting + open.data.queued;
  useEffect(() => {
    if (phase.kind !== 'looking' || waits === undefined) return;
    if (waits > 0) setPhase({ kind: 'asking', count: waits });
    else latest.current.turnOff('finish', 0);
  }, [phase, waits]);

  const over = phase.kind === 'stopping' && !open.isFetching && left === 0;
  useEffect(() => {
    if (!over || phase.kind !== 'stopping') return;
    toastDone(t('turnOff.stopped', { name: latest.current.name, count: phase.count }));
    latest.current.onClose();
  }, [over, phase, t]);

  if (phase.kind === 'looking' || phase.count === 0) return null;
  const done = Math.max(0, phase.count - left);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('turnOff.title', { name: rule.name })}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {phase.kind !== 'stopping' ? (
        <Stack gap="md">
          <Text size="sm">{t('turnOff.waiting', { count: phase.count })}</Text>
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
            <Button loading={phase.kind === 'turning'} onClick={() => turnOff(way, phase.count)}>
              {t('turnOff.confirm')}
            </Button>
          </DialogActions>
        </Stack>
      ) : (
        <Stack gap="md">
          <Text size="sm" role="status">
            {t('turnOff.going', { done, total: phase.count })}
          </Text>
          <Progress value={(100 * done) / phase.count} aria-label={t('turnOff.stop')} />
          <Text size="sm" c="dimmed">
            {t('turnOff.closeHint')}
          </Text>
        </Stack>
      )}
    </Modal>
  );
}
