/** Before a rule goes live: what it does in one sentence, what it touches, what is wrong, a note. */
import { Button, Modal, Stack, Textarea } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/client';
import { type Already, usePublishRule, useSwitchRule } from '../api/rules';
import type { Rule } from '../api/types';
import { setPolicy } from '../model/edit';
import { documentOf } from '../model/graph';
import { foundOf, type StepProblem } from '../model/problems';
import { BacktestLine, LINE_DAYS } from '../review/BacktestLine';
import { ReviewBody } from '../review/ReviewBody';
import { DialogActions } from '../ui/DialogActions';
import { useProblemText } from '../ui/States';
import { toastDone } from '../ui/toast';
import { choosePeriod, showBacktest } from './backtest/useBacktesting';
import { useRoom } from './context';
import classes from './panel.module.css';
import { ReviewProblems } from './ReviewProblems';
import { SeeChanges } from './SeeChanges';
import { put, useBuilder, useBuilderStore, useOpened } from './store';

type Props = {
  readonly rule: Rule;
  readonly problems: readonly StepProblem[];
  readonly onDone: () => void;
};

export function ReviewDialog({ rule, problems, onDone }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const queries = useQueryClient();
  const { words, subject, autosave } = useRoom();
  const opened = useOpened();
  const editing = useBuilder((state) => state.editing);
  const shown = useBuilder((state) => state.dialog === 'review');
  const publish = usePublishRule();
  const enable = useSwitchRule();
  const inOtherWords = useProblemText();
  const [already, setAlready] = useState<Already>('leave');
  const [note, setNote] = useState('');
  const [failed, setFailed] = useState<string | null>(null);
  // Which draft is asked about: what is open, once it is saved.
  const [of, setOf] = useState<string | null>(null);
  useEffect(() => {
    if (!shown) return;
    setOf(null);
    setAlready('leave');
    void autosave.flush().then(setOf);
  }, [shown, autosave]);
  const close = (): void => {
    store.setState({ dialog: null });
    setFailed(null);
  };
  // Nothing is new: the version that was on goes on again.
  const edited = useBuilder((state) => state.history.present !== state.saved);
  const asItWas = rule.live !== null && !rule.enabled && !rule.has_draft && !edited;
  const blocked = problems.some((problem) => problem.severity === 'error');

  const turnOn = async (): Promise<void> => {
    setFailed(null);
    const etag = await autosave.flush();
    if (etag === null) return;
    const answers = {
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: ['rules'] });
        void queries.invalidateQueries({ queryKey: ['catch-ups'] });
        toastDone(t(already === 'run' ? 'review.done.run' : 'builder.review.done', { name: rule.name }));
        setNote('');
        close();
        onDone();
      },
      onError: (error: Error) => {
        if (isProblem(error) && error.problems.length > 0) {
          store.setState({ found: foundOf(error.problems) });
        }
        setFailed(inOtherWords(error));
      },
    };
    if (asItWas) enable.mutate({ id: rule.id, on: true, already }, answers);
    else publish.mutate({ id: rule.id, etag, note, enable: true, already }, answers);
  };
  return (
    <Modal
      opened={shown}
      onClose={close}
      size="lg"
      title={t(rule.live === null || asItWas ? 'builder.review.titleFirst' : 'builder.review.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <Stack gap="md">
        <ReviewBody
          ruleId={rule.id}
          opened={opened}
          words={words}
          table={subject.table}
          version={asItWas ? (rule.live?.version ?? null) : null}
          of={of}
          blocked={blocked}
          already={already}
          onAlready={setAlready}
          onLimit={
            opened.kind === 'rule' && editing
              ? (limit) => put(store, setPolicy(opened, 'limit', limit), 'limit')
              : null
          }
          backtest={
            <BacktestLine
              ruleId={rule.id}
              document={documentOf(opened)}
              onSee={() => {
                choosePeriod(store, LINE_DAYS);
                showBacktest(store, true);
              }}
            />
          }
          problems={<ReviewProblems problems={problems} />}
        />
        {!asItWas && (
          <Textarea
            label={t('builder.review.note')}
            placeholder={t('builder.review.notePlaceholder')}
            value={note}
            autosize
            minRows={2}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        )}
        {failed !== null && (
          <div className={classes.warn} role="alert">
            <IconAlertTriangle size={18} aria-hidden />
            <span>{failed}</span>
          </div>
        )}
        <DialogActions
          onCancel={close}
          before={rule.live !== null && !asItWas && <SeeChanges ruleId={rule.id} />}
        >
          <Button
            data-tour="turn-on"
            disabled={blocked}
            loading={publish.isPending || enable.isPending}
            onClick={() => void turnOn()}
          >
            {t(rule.enabled ? 'builder.review.publish' : 'builder.review.turnOn')}
          </Button>
        </DialogActions>
      </Stack>
    </Modal>
  );
}
