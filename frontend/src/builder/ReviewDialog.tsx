/** Before a rule goes live: what it does in one sentence, what it touches, what is wrong, a note. */
import { Button, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/client';
import { usePublishRule } from '../api/rules';
import type { Rule } from '../api/types';
import { nodesOf } from '../model/graph';
import { objectAt, textAt } from '../model/json';
import { foundOf, type StepProblem } from '../model/problems';
import { plain, sentence } from '../model/sentence';
import { DialogActions } from '../ui/DialogActions';
import { useProblemText } from '../ui/States';
import { toastDone } from '../ui/toast';
import { BacktestLine } from './backtest/BacktestLine';
import classes from './builder.module.css';
import { useRoom } from './context';
import { ReviewProblems } from './ReviewProblems';
import { SeeChanges } from './SeeChanges';
import { useBuilder, useBuilderStore, useOpened } from './store';

type Props = {
  readonly rule: Rule;
  readonly problems: readonly StepProblem[];
  readonly onDone: () => void;
};

/** What the rule does to the world, each kind of thing once. */
function useTouches(): string[] {
  const { t } = useTranslation();
  const { words, subject } = useRoom();
  const opened = useOpened();
  const said = nodesOf(opened)
    .filter((node) => node.kind === 'action')
    .map((node) => {
      const fields = objectAt(node, 'fields');
      const table = words.table(textAt(fields, 'table') || subject.table);
      const columns = Object.keys(objectAt(fields, 'set')).map((column) => words.field(`after.${column}`));
      return t(`builder.touches.${textAt(node, 'do')}`, {
        table,
        columns: words.list(columns, 'and'),
        defaultValue: textAt(node, 'do'),
      });
    });
  return [...new Set(said)];
}

/** From how many runs on the rule holds further ones. */
function useLimitWords(): string {
  const { t } = useTranslation();
  const opened = useOpened();
  const rule = opened.kind === 'rule' ? opened : null;
  const limit = rule ? objectAt(rule.head, 'policy')['limit'] : undefined;
  if (typeof limit === 'number') return t('held.review', { limit });
  return limit === 'off' ? t('held.reviewOff') : t('held.reviewAuto');
}

export function ReviewDialog({ rule, problems, onDone }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const queries = useQueryClient();
  const { words, autosave } = useRoom();
  const opened = useOpened();
  const shown = useBuilder((state) => state.dialog === 'review');
  const publish = usePublishRule();
  const inOtherWords = useProblemText();
  const touches = useTouches();
  const limit = useLimitWords();
  const [note, setNote] = useState('');
  const [failed, setFailed] = useState<string | null>(null);
  const close = (): void => {
    store.setState({ dialog: null });
    setFailed(null);
  };
  const blocked = problems.some((problem) => problem.severity === 'error');

  const turnOn = async (): Promise<void> => {
    setFailed(null);
    const etag = await autosave.flush();
    if (etag === null) return;
    publish.mutate(
      { id: rule.id, etag, note, enable: true },
      {
        onSuccess: () => {
          void queries.invalidateQueries({ queryKey: ['rules'] });
          toastDone(t('builder.review.done', { name: rule.name }));
          setNote('');
          close();
          onDone();
        },
        onError: (error) => {
          if (isProblem(error) && error.problems.length > 0) {
            store.setState({ found: foundOf(error.problems) });
          }
          setFailed(inOtherWords(error));
        },
      },
    );
  };
  return (
    <Modal
      opened={shown}
      onClose={close}
      size="lg"
      title={t(rule.live === null ? 'builder.review.titleFirst' : 'builder.review.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <Stack gap="md">
        {opened.kind === 'rule' && <div className={classes.quiet}>{plain(sentence(opened, words))}</div>}
        {touches.length > 0 && (
          <div>
            <Text size="sm" fw={600} mb={6}>
              {t('builder.review.touches')}
            </Text>
            <List size="sm" spacing={4} icon={<IconCheck size={16} aria-hidden />}>
              {touches.map((one) => (
                <List.Item key={one}>{one}</List.Item>
              ))}
            </List>
          </div>
        )}
        {!blocked && <BacktestLine ruleId={rule.id} />}
        <Text size="sm" c="dimmed">
          {t('builder.review.onlyNew')} {limit}
        </Text>
        <ReviewProblems problems={problems} />
        <Textarea
          label={t('builder.review.note')}
          placeholder={t('builder.review.notePlaceholder')}
          value={note}
          autosize
          minRows={2}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {failed !== null && (
          <div className={classes.warn} role="alert">
            <IconAlertTriangle size={18} aria-hidden />
            <span>{failed}</span>
          </div>
        )}
        <DialogActions onCancel={close} before={rule.live !== null && <SeeChanges ruleId={rule.id} />}>
          <Button disabled={blocked} loading={publish.isPending} onClick={() => void turnOn()}>
            {t(rule.enabled ? 'builder.review.publish' : 'builder.review.turnOn')}
          </Button>
        </DialogActions>
      </Stack>
    </Modal>
  );
}
