import { Anchor, Modal, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useExplanation, useRuleOf } from '../api/events';
import type { ChangeEvent } from '../api/types';
import { WhyNot } from '../canvas/WhyNot';
import { RulePicker } from '../ui/RulePicker';
import { LoadError, LoadingRows } from '../ui/States';
import classes from './Data.module.css';

/** Recomputes how one rule looks at one change, and shows it on the rule's own drawing and in words. */
export default function WhyDialog({ change, onClose }: { change: ChangeEvent; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      size={1040}
      title={t('data.why.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <Why change={change} />
    </Modal>
  );
}

function Why({ change }: { change: ChangeEvent }) {
  const { t } = useTranslation();
  const [ruleId, setRuleId] = useState<number | null>(null);
  const explanation = useExplanation(ruleId, change.log, change.id);
  const document = useRuleOf(ruleId, explanation.data);
  return (
    <Stack gap="md" mih={220}>
      <RulePicker
        autoFocus
        label={t('data.why.rule')}
        description={t('data.why.hint')}
        placeholder={t('data.why.choose')}
        value={ruleId}
        onChange={setRuleId}
      />
      {ruleId !== null && explanation.isPending && <LoadingRows rows={1} height={70} />}
      {explanation.isError && (
        <LoadError
          title={t('data.why.error')}
          error={explanation.error}
          onRetry={() => void explanation.refetch()}
        />
      )}
      {explanation.data !== undefined && document !== null && (
        <div className={classes.why}>
          <WhyNot document={document} explanation={explanation.data} event={change} />
        </div>
      )}
      {explanation.data !== undefined && explanation.data.run_id !== null && (
        <Anchor component={Link} to={`/runs/${explanation.data.run_id}`} size="sm" underline="always">
          {t('data.why.openRun')}
        </Anchor>
      )}
    </Stack>
  );
}
