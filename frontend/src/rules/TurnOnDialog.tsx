import { Button, Modal, Radio, Skeleton, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveDraft } from '../api/builder';
import { type Already, usePublishRule, useRule, useSwitchRule } from '../api/rules';
import type { JsonObject, Rule } from '../api/types';
import { useSubject } from '../canvas/useTables';
import { useWords } from '../canvas/words';
import { problemText } from '../i18n/problemText';
import { setPolicy } from '../model/edit';
import { documentOf, open } from '../model/graph';
import { isObject } from '../model/json';
import { BacktestLine } from '../review/BacktestLine';
import { ReviewBody } from '../review/ReviewBody';
import { DialogActions } from '../ui/DialogActions';
import { LoadError, useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';
import { useFocusBack } from '../ui/useFocusBack';
import classes from './TurnOnDialog.module.css';

/** The review before a rule goes on, from the list; asks which version if the draft has moved on. */
export function TurnOnDialog({ ruleId, onClose }: { ruleId: number; onClose: () => void }) {
  const { t } = useTranslation();
  useFocusBack();
  const rule = useRule(ruleId);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={rule.data === undefined ? t('ui.loading') : t('rules.turnOn.title', { name: rule.data.name })}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {rule.data !== undefined && <Review rule={rule.data} onClose={onClose} />}
      {rule.isPending && <Skeleton height={120} />}
      {rule.isError && (
        <LoadError title={t('rules.error')} error={rule.error} onRetry={() => void rule.refetch()} />
      )}
    </Modal>
  );
}

function useOpenedOf(document: JsonObject) {
  const written = JSON.stringify(document);
  return useMemo(() => {
    const read: unknown = JSON.parse(written);
    return open(isObject(read) ? read : {});
  }, [written]);
}

function Review({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const { t } = useTranslation();
  const inWords = useProblemText();
  const publish = usePublishRule();
  const enable = useSwitchRule();
  const [useDraft, setUseDraft] = useState(rule.live === null);
  const [already, setAlready] = useState<Already>('leave');
  // A limit that was set here; it is saved with turning on.
  const [limit, setLimit] = useState<number | 'auto' | 'off' | null>(null);
  const [saving, setSaving] = useState(false);
  const stored = useOpenedOf(useDraft || rule.live === null ? rule.draft.document : rule.live.document);
  const opened = stored.kind === 'rule' && limit !== null ? setPolicy(stored, 'limit', limit) : stored;
  const subject = useSubject(stored);
  const words = useWords(subject.tables);
  const errors = useDraft ? rule.problems.filter((problem) => problem.severity !== 'warning') : [];
  const blocked = errors.length > 0;

  const confirm = async (): Promise<void> => {
    setSaving(true);
    try {
      if (useDraft) {
        const etag =
          limit === null
            ? rule.draft.etag
            : (await saveDraft(rule.id, documentOf(opened), rule.draft.etag)).etag;
        await publish.mutateAsync({ id: rule.id, etag, enable: true, already });
      } else await enable.mutateAsync({ id: rule.id, on: true, already });
      toastDone(t(already === 'run' ? 'review.done.run' : 'rules.turnOn.done', { name: rule.name }));
      onClose();
    } catch (error) {
      toastError(inWords(error));
    } finally {
      setSaving(false);
    }
  };

  return (
    <Stack gap="md">
      {rule.live !== null && rule.has_draft && (
        <Radio.Group
          label={t('rules.turnOn.which')}
          description={t('rules.turnOn.changed', { version: rule.live.version })}
          value={useDraft ? 'draft' : 'live'}
          onChange={(value) => {
            setUseDraft(value === 'draft');
            setAlready('leave');
            setLimit(null);
          }}
        >
          <Stack gap={8} mt="xs">
            <Radio value="live" label={t('rules.turnOn.useLive', { version: rule.live.version })} />
            <Radio value="draft" label={t('rules.turnOn.useDraft')} />
          </Stack>
        </Radio.Group>
      )}
      <ReviewBody
        ruleId={rule.id}
        opened={opened}
        words={words}
        table={subject.table}
        version={useDraft ? null : (rule.live?.version ?? null)}
        of={useDraft ? rule.draft.etag : 'live'}
        blocked={blocked}
        already={already}
        onAlready={setAlready}
        onLimit={useDraft && opened.kind === 'rule' ? setLimit : null}
        backtest={
          subject.table !== '' && (
            <BacktestLine
              key={useDraft ? 'draft' : 'live'}
              ruleId={rule.id}
              document={documentOf(stored)}
              onSee={null}
            />
          )
        }
        problems={<Problems rule={rule} shown={useDraft} />}
      />
      <DialogActions onCancel={onClose}>
        {blocked ? (
          <Button component={Link} to={`/rules/${rule.id}`}>
            {t('rules.turnOn.open')}
          </Button>
        ) : (
          <Button loading={saving} onClick={() => void confirm()} data-autofocus>
            {t('rules.turnOn.confirm')}
          </Button>
        )}
      </DialogActions>
    </Stack>
  );
}

/** What keeps the draft from going on, and what is worth a look, each with the way to its field. */
function Problems({ rule, shown }: { rule: Rule; shown: boolean }) {
  const { t } = useTranslation();
  if (!shown || rule.problems.length === 0) return null;
  const errors = rule.problems.filter((problem) => problem.severity !== 'warning');
  const steps = new Set(errors.map((problem) => problem.node ?? '')).size;
  const listed = errors.length > 0 ? errors : rule.problems;
  return (
    <div
      role={errors.length > 0 ? 'alert' : undefined}
      className={classes.blocked}
      data-soft={errors.length === 0 || undefined}
    >
      <p>
        {errors.length > 0 ? t('problems.review.blocked', { count: steps }) : t('problems.review.warnings')}
      </p>
      <ul>
        {listed.slice(0, 5).map((problem) => (
          <li key={`${problem.path} ${problem.code}`}>
            <Link
              to="/rules/$ruleId"
              params={{ ruleId: String(rule.id) }}
              search={problem.node ? { step: problem.node, problem: problem.path } : {}}
            >
              {problemText(problem, t)}
            </Link>
          </li>
        ))}
      </ul>
      {listed.length > 5 && (
        <Text size="sm" mt={4}>
          {t('review.moreProblems', { count: listed.length - 5 })}
        </Text>
      )}
    </div>
  );
}
