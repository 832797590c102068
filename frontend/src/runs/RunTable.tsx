import { Button, Checkbox, Table, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRetryRuns } from '../api/runs';
import { useMay } from '../api/session';
import type { RunSummary } from '../api/types';
import { reasonOf } from '../i18n/faultText';
import { tableName } from '../model/names';
import { useLocale } from '../ui/locale';
import { RunPill } from '../ui/RunPill';
import { useProblemText } from '../ui/States';
import { clockTime, duration, fullTime } from '../ui/time';
import { toastDone, toastError } from '../ui/toast';
import { useNow } from '../ui/useNow';
import { pathText } from './pathText';
import classes from './RunTable.module.css';

/** Runs as rows; failed ones can be chosen and retried together. */
export function RunTable({ runs }: { runs: RunSummary[] }) {
  const { t } = useTranslation();
  const mayRetry = useMay('editor');
  const retry = useRetryRuns();
  const words = useProblemText();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const failed = runs.filter((run) => run.state === 'failed').map((run) => run.id);
  const choosable = mayRetry && failed.length > 0;
  const picked = failed.filter((id) => chosen.has(id));

  const toggle = (id: number) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const again = () =>
    retry.mutate(picked, {
      onSuccess: ({ retried, skipped }) => {
        setChosen(new Set());
        toastDone(t('runs.retried', { count: retried.length }));
        if (skipped.length > 0) toastError(t('runs.skipped', { count: skipped.length }));
      },
      onError: (error) => toastError(words(error)),
    });

  return (
    <>
      {picked.length > 0 && (
        <div className={classes.bulk}>
          <Text size="sm" fw={600}>
            {t('runs.chosen', { count: picked.length })}
          </Text>
          <Button size="xs" leftSection={<IconRefresh size={15} />} loading={retry.isPending} onClick={again}>
            {t('runs.retry')}
          </Button>
        </div>
      )}
      <div className={classes.scroll}>
        <Table className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              {choosable && (
                <Table.Th w={44}>
                  <Checkbox
                    size="xs"
                    aria-label={t('runs.chooseAll')}
                    checked={picked.length === failed.length}
                    indeterminate={picked.length > 0 && picked.length < failed.length}
                    onChange={() => setChosen(picked.length === failed.length ? new Set() : new Set(failed))}
                  />
                </Table.Th>
              )}
              <Table.Th w={{ base: 116, lg: 120 }}>{t('runs.column.time')}</Table.Th>
              <Table.Th>{t('runs.column.rule')}</Table.Th>
              <Table.Th>{t('runs.column.record')}</Table.Th>
              <Table.Th w={{ base: 136, lg: 170 }}>{t('runs.column.result')}</Table.Th>
              <Table.Th w={{ base: 112, lg: 160 }}>{t('runs.column.path')}</Table.Th>
              <Table.Th w={{ base: 76, lg: 84 }} ta="right">
                {t('runs.column.duration')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map((run) => (
              <Row
                key={run.id}
                run={run}
                choosable={choosable}
                chosen={chosen.has(run.id)}
                onToggle={() => toggle(run.id)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}

interface RowProps {
  run: RunSummary;
  choosable: boolean;
  chosen: boolean;
  onToggle: () => void;
}

function Row({ run, choosable, chosen, onToggle }: RowProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const at = new Date(run.created_at);
  const time = clockTime(at, now, locale);
  const rule = run.rule_name === '' ? t('runs.deletedRule', { id: run.rule_id }) : run.rule_name;
  const record = run.record_label === '' ? run.record_key : run.record_label;
  const path = pathText(run.path, t);
  return (
    <Table.Tr className={classes.row} data-run={run.id}>
      {choosable && (
        <Table.Td className={classes.over}>
          {run.state === 'failed' && (
            <Checkbox
              size="xs"
              aria-label={t('runs.chooseRun', { rule: run.rule_name, time })}
              checked={chosen}
              onChange={onToggle}
            />
          )}
        </Table.Td>
      )}
      <Table.Td data-cell="time">
        <Link to="/runs/$runId" params={{ runId: String(run.id) }} className={classes.link}>
          <time dateTime={run.created_at} title={fullTime(at, locale)}>
            {time}
          </time>
        </Link>
      </Table.Td>
      <Table.Td data-cell="rule">
        <Text size="sm" fw={600} lineClamp={2} title={rule}>
          {rule}
        </Text>
        <Text size="xs" c="dimmed">
          {t('runs.version', { version: run.version })}
        </Text>
      </Table.Td>
      <Table.Td data-cell="record">
        {run.record_table.startsWith('@') || (run.record_label === '' && run.record_key === '') ? (
          <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {t('runs.noRecord')}
          </Text>
        ) : (
          <>
            <Text size="sm" className={classes.record} title={record}>
              {record}
            </Text>
            <Text size="xs" c="dimmed">
              {tableName(run.record_table)}
            </Text>
          </>
        )}
      </Table.Td>
      <Table.Td data-cell="result">
        <RunPill state={run.state} wakeAt={run.wake_at ?? run.not_before} fault={run.fault} turn={run.turn} />
        {run.error !== '' && (
          <Text size="xs" c="dimmed" className={classes.reason} title={reasonOf(run, t)} mt={2}>
            {reasonOf(run, t)}
          </Text>
        )}
      </Table.Td>
      <Table.Td data-cell="path">
        <Text size="sm" c="dimmed" lineClamp={3} title={path} style={{ wordBreak: 'keep-all' }}>
          {path}
        </Text>
      </Table.Td>
      <Table.Td ta="right" className={classes.number}>
        {run.duration_ms === null ? '—' : duration(run.duration_ms, locale)}
      </Table.Td>
    </Table.Tr>
  );
}
