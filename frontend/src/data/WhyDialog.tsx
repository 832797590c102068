import { Anchor, Modal, Select, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useExplanation } from '../api/events';
import { useRuleNames } from '../api/rules';
import type { ChangeEvent } from '../api/types';
import { Pill } from '../ui/Pill';
import { LoadError, LoadingRows } from '../ui/States';
import classes from './Data.module.css';

/** Recomputes how one rule looks at one change, and says it in words. */
export function WhyDialog({ change, onClose }: { change: ChangeEvent | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={change !== null}
      onClose={onClose}
      title={t('data.why.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {change !== null && <Why change={change} />}
    </Modal>
  );
}

function Why({ change }: { change: ChangeEvent }) {
  const { t } = useTranslation();
  const names = useRuleNames();
  const [ruleId, setRuleId] = useState<number | null>(null);
  const explanation = useExplanation(ruleId, change.log, change.id);
  return (
    <Stack gap="md" mih={220}>
      <Select
        searchable
        label={t('data.why.rule')}
        description={t('data.why.hint')}
        placeholder={t('data.why.choose')}
        value={ruleId === null ? null : String(ruleId)}
        onChange={(value) => setRuleId(value === null ? null : Number(value))}
        data={(names.data ?? []).map((rule) => ({ value: String(rule.id), label: rule.name }))}
        data-autofocus
      />
      {ruleId !== null && explanation.isPending && <LoadingRows rows={1} height={70} />}
      {explanation.isError && (
        <LoadError
          title={t('data.why.error')}
          error={explanation.error}
          onRetry={() => void explanation.refetch()}
        />
      )}
      {explanation.data !== undefined && (
        <div className={classes.why} aria-live="polite">
          <Pill tone={explanation.data.fired ? 'good' : 'still'}>
            {explanation.data.fired ? t('data.why.ran') : t('data.why.notRan')}
          </Pill>
          <Text>{explanation.data.reason}</Text>
          {explanation.data.run_id !== null && (
            <Anchor component={Link} to={`/runs/${explanation.data.run_id}`} size="sm" underline="always">
              {t('data.why.openRun')}
            </Anchor>
          )}
        </div>
      )}
    </Stack>
  );
}
