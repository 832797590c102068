import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconLink } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useChange, useExplanation, useRuleOf } from '../api/events';
import { useRulesAbout } from '../api/rules';
import type { ChangeEvent } from '../api/types';
import { WhyNot } from '../canvas/WhyNot';
import { More } from '../ui/More';
import { RulePicker } from '../ui/RulePicker';
import { LoadError, LoadingRows } from '../ui/States';
import { toastDone } from '../ui/toast';
import { useFocusBack } from '../ui/useFocusBack';
import classes from './Data.module.css';
import { Verdict } from './Verdict';

interface Props {
  log: number;
  connectionName: string;
  eventId: number;
  ruleId: number | null;
  onRule: (id: number | null) => void;
  onClose: () => void;
}

/** Recomputes how one rule looks at one change, and shows it on the rule's own drawing and in words. */
export default function WhyDialog({ onClose, ...asked }: Props) {
  const { t } = useTranslation();
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      size={1120}
      title={t('why.dialog.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <Why {...asked} />
    </Modal>
  );
}

function Why({ log, connectionName, eventId, ruleId, onRule }: Omit<Props, 'onClose'>) {
  const { t } = useTranslation();
  const clipboard = useClipboard();
  const change = useChange(log, eventId);
  if (change.isError) {
    return (
      <LoadError title={t('why.dialog.gone')} error={change.error} onRetry={() => void change.refetch()} />
    );
  }
  if (change.data === undefined) return <LoadingRows rows={1} height={70} />;
  const about = `${connectionName} ${change.data.table}`;
  return (
    <Stack gap="md" mih={260}>
      <Group align="end">
        <div className={classes.whyRule}>
          <RulePicker
            {...(ruleId === null ? { autoFocus: true } : {})}
            about={about}
            label={t('why.dialog.rule')}
            description={t('why.dialog.hint')}
            placeholder={t('why.dialog.choose')}
            value={ruleId}
            onChange={onRule}
          />
        </div>
        <Button
          variant="default"
          leftSection={<IconLink size={16} aria-hidden />}
          onClick={() => {
            clipboard.copy(window.location.href);
            toastDone(t('why.dialog.copied'));
          }}
        >
          {t('why.dialog.copy')}
        </Button>
      </Group>
      {ruleId === null ? (
        <EachRule about={about} change={change.data} onRule={onRule} />
      ) : (
        <Answer ruleId={ruleId} change={change.data} onAll={() => onRule(null)} />
      )}
    </Stack>
  );
}

/** What every rule of the table made of the change, before one is chosen. */
function EachRule(props: { about: string; change: ChangeEvent; onRule: (id: number) => void }) {
  const { t } = useTranslation();
  const rules = useRulesAbout(props.about);
  if (rules.isLoadingError) {
    return (
      <LoadError title={t('why.dialog.error')} error={rules.error} onRetry={() => void rules.refetch()} />
    );
  }
  if (rules.data === undefined) return <LoadingRows rows={2} height={40} />;
  const shown = rules.data.pages.flatMap((page) => page.items);
  if (shown.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('why.dialog.noneHere')}
      </Text>
    );
  }
  return (
    <section aria-label={t('why.dialog.each')}>
      <Text size="sm" fw={600} mb={4}>
        {t('why.dialog.each')}
      </Text>
      <ul className={classes.changes}>
        {shown.map((rule) => (
          <li key={rule.id} className={classes.each}>
            <Anchor component="button" type="button" size="sm" fw={600} onClick={() => props.onRule(rule.id)}>
              {rule.name}
            </Anchor>
            <Verdict ruleId={rule.id} change={props.change} />
          </li>
        ))}
      </ul>
      <More of={rules} />
    </section>
  );
}

function Answer(props: { ruleId: number; change: ChangeEvent; onAll: () => void }) {
  const { t } = useTranslation();
  const { ruleId, change } = props;
  const explanation = useExplanation(ruleId, change.log, change.id);
  const document = useRuleOf(ruleId, explanation.data);
  if (explanation.isError) {
    return (
      <LoadError
        title={t('why.dialog.error')}
        error={explanation.error}
        onRetry={() => void explanation.refetch()}
      />
    );
  }
  if (explanation.data === undefined || document === null) return <LoadingRows rows={1} height={70} />;
  return (
    <>
      <div className={classes.why}>
        <WhyNot document={document} explanation={explanation.data} event={change} />
      </div>
      <Group gap="lg">
        {explanation.data.run_id !== null && (
          <Anchor component={Link} to={`/runs/${explanation.data.run_id}`} size="sm" underline="always">
            {t('why.seeRun')}
          </Anchor>
        )}
        <Anchor component="button" type="button" size="sm" underline="always" onClick={props.onAll}>
          {t('why.dialog.back')}
        </Anchor>
      </Group>
    </>
  );
}
