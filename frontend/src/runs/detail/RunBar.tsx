/** The bar over a run: which rule, which record, how it ended, and what can be done about it. */
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import {
  IconArrowLeft,
  IconHistory,
  IconLink,
  IconPencil,
  IconPlayerStop,
  IconRefresh,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCancelRun, useRetryRun } from '../../api/builder';
import { useMay } from '../../api/session';
import type { Run } from '../../api/types';
import type { Opened } from '../../model/graph';
import type { Words } from '../../model/wording';
import { Confirm } from '../../ui/Confirm';
import { momentText } from '../../ui/clock';
import { useLocale } from '../../ui/locale';
import { Pill } from '../../ui/Pill';
import room from '../../ui/Room.module.css';
import { RunPill } from '../../ui/RunPill';
import { useProblemText } from '../../ui/States';
import { toastDone, toastError } from '../../ui/toast';
import { GoOn } from './GoOn';
import classes from './run.module.css';

type Props = { readonly run: Run; readonly opened: Opened; readonly words: Words };

/** The number of the step that failed, counted as the run came by them; null where none did. */
function failedStep(run: Run): number | null {
  const at = run.trace.steps.findIndex((step) => step.state === 'failed');
  return at < 0 ? null : at + 1;
}

export function RunBar({ run, opened, words }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const mayEdit = useMay('editor');
  const retry = useRetryRun();
  const cancel = useCancelRun();
  const inWords = useProblemText();
  const clipboard = useClipboard();
  const [stopping, setStopping] = useState(false);
  const failed = failedStep(run);
  const when = momentText(run.created_at, 'day', locale);
  const record = run.record_label === '' ? run.record_key : `${run.record_label} (#${run.record_key})`;
  const about = run.record_table.startsWith('@')
    ? t('runDetail.about', { when, version: run.version })
    : t('runDetail.aboutRecord', {
        when,
        record: `${words.table(run.record_table)} · ${record}`,
        version: run.version,
      });
  return (
    <header className={`${room.bar} ${classes.bar}`}>
      <Tooltip label={t('runDetail.back')}>
        <ActionIcon component={Link} to="/runs" aria-label={t('runDetail.back')}>
          <IconArrowLeft size={18} />
        </ActionIcon>
      </Tooltip>
      <div className={classes.titles}>
        <h1 className={room.title}>{run.rule_name}</h1>
        <div className={classes.sub} title={about}>
          {about}
        </div>
      </div>
      <span data-run-state={run.state}>
        {run.state === 'failed' && failed !== null ? (
          <Pill tone="bad">{t('runDetail.failedAt', { number: failed })}</Pill>
        ) : (
          <RunPill
            state={run.state}
            wakeAt={run.wake_at ?? run.not_before}
            fault={run.fault}
            turn={run.turn}
          />
        )}
      </span>
      <span className={room.spacer} />
      <Tooltip label={t('runDetail.copyLink')}>
        <ActionIcon
          aria-label={t('runDetail.copyLink')}
          onClick={() => {
            clipboard.copy(window.location.href);
            toastDone(t('runDetail.linkCopied'));
          }}
        >
          <IconLink size={18} />
        </ActionIcon>
      </Tooltip>
      {!run.record_table.startsWith('@') && (
        <Tooltip label={t('runDetail.record')}>
          <ActionIcon
            aria-label={t('runDetail.record')}
            renderRoot={(props) => (
              <Link
                {...props}
                to="/data"
                search={{ connection: run.event.log, table: run.event.table, record: run.event.key }}
              />
            )}
          >
            <IconHistory size={18} />
          </ActionIcon>
        </Tooltip>
      )}
      {mayEdit && <GoOn run={run} opened={opened} />}
      {run.can_cancel && mayEdit && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => setStopping(true)}
        >
          {t('runDetail.stop')}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconPencil size={16} aria-hidden />}
        renderRoot={(props) => (
          <Link
            {...props}
            to="/rules/$ruleId"
            params={{ ruleId: String(run.rule_id) }}
            search={run.record_table.startsWith('@') ? {} : { table: run.record_table, key: run.record_key }}
          />
        )}
      >
        {t('runDetail.openRule')}
      </Button>
      {run.can_retry && mayEdit && (
        <Button
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={retry.isPending}
          onClick={() =>
            retry.mutate(run.id, {
              onSuccess: () => toastDone(t('runDetail.retrying')),
              onError: (error) => toastError(inWords(error)),
            })
          }
        >
          {failed === null ? t('runDetail.retry') : t('runDetail.retryFrom', { number: failed })}
        </Button>
      )}
      <Confirm
        opened={stopping}
        title={t('runDetail.stopTitle')}
        confirm={t('runDetail.stop')}
        danger
        busy={cancel.isPending}
        onConfirm={() =>
          cancel.mutate(run.id, {
            onError: (error) => toastError(inWords(error)),
            onSettled: () => setStopping(false),
          })
        }
        onClose={() => setStopping(false)}
      >
        {t('runDetail.stopText')}
      </Confirm>
    </header>
  );
}
