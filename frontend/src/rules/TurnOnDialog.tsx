import { Button, Modal, Radio, Skeleton, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePublishRule, useRule, useSwitchRule } from '../api/rules';
import type { Rule } from '../api/types';
import { RuleSentence } from '../canvas/RuleSentence';
import { problemText } from '../i18n/problemText';
import { DialogActions } from '../ui/DialogActions';
import { LoadError, useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';
import classes from './TurnOnDialog.module.css';

/** Says what a rule will do before it goes on; asks which version if the draft has moved on. */
export function TurnOnDialog({ ruleId, onClose }: { ruleId: number; onClose: () => void }) {
  const { t } = useTranslation();
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

function Review({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const publish = usePublishRule();
  const enable = useSwitchRule();
  const [useDraft, setUseDraft] = useState(rule.live === null);
  const errors = rule.problems.filter((problem) => problem.severity !== 'warning');
  const blocked = useDraft && errors.length > 0;
  const next = rule.versions_count + 1;

  const answers = {
    onSuccess: () => {
      toastDone(t('rules.turnOn.done', { name: rule.name }));
      onClose();
    },
    onError: (error: Error) => toastError(words(error)),
  };
  const confirm = () => {
    if (useDraft) publish.mutate({ id: rule.id, etag: rule.draft.etag, enable: true }, answers);
    else enable.mutate({ id: rule.id, on: true }, answers);
  };

  return (
    <Stack gap="md">
      <div>
        <Text size="sm" c="dimmed" mb={6}>
          {t('rules.turnOn.does')}
        </Text>
        <p className={classes.sentence}>
          <RuleSentence document={useDraft ? rule.draft.document : rule.live?.document} />
        </p>
      </div>
      {rule.live !== null && rule.has_draft && (
        <Radio.Group
          label={t('rules.turnOn.which')}
          description={t('rules.turnOn.changed', { version: rule.live.version })}
          value={useDraft ? 'draft' : 'live'}
          onChange={(value) => setUseDraft(value === 'draft')}
        >
          <Stack gap={8} mt="xs">
            <Radio value="live" label={t('rules.turnOn.useLive', { version: rule.live.version })} />
            <Radio value="draft" label={t('rules.turnOn.useDraft')} />
          </Stack>
        </Radio.Group>
      )}
      {blocked ? (
        <div role="alert" className={classes.blocked}>
          <p>{t('rules.turnOn.blocked', { count: errors.length })}</p>
          <ul>
            {errors.slice(0, 5).map((problem) => (
              <li key={`${problem.path} ${problem.code}`}>
                <Link
                  to="/rules/$ruleId"
                  params={{ ruleId: String(rule.id) }}
                  search={problem.node ? { step: problem.node } : {}}
                >
                  {problemText(problem, t)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <Text size="sm">
          {useDraft
            ? t('rules.turnOn.publish', { version: next })
            : t('rules.turnOn.version', { version: rule.live?.version })}{' '}
          {t('rules.turnOn.start')}
        </Text>
      )}
      <DialogActions onCancel={onClose}>
        {blocked ? (
          <Button component={Link} to={`/rules/${rule.id}`}>
            {t('rules.turnOn.open')}
          </Button>
        ) : (
          <Button loading={publish.isPending || enable.isPending} onClick={confirm} data-autofocus>
            {t('rules.turnOn.confirm')}
          </Button>
        )}
      </DialogActions>
    </Stack>
  );
}
