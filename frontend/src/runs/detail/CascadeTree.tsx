/** What set a run off and what came of it, as a tree of links. Nothing where the run stands alone. */
import { Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCascade } from '../../api/runs';
import type { CascadeRun } from '../../api/types';
import { type Branch, treeOf } from '../../model/cascade';
import { RunPill } from '../../ui/RunPill';
import { LoadError } from '../../ui/States';
import classes from './cascade.module.css';

export function CascadeTree({ runId }: { runId: number }) {
  const { t } = useTranslation();
  const cascade = useCascade(runId);
  if (cascade.error && !cascade.data) {
    return (
      <LoadError title={t('cascade.error')} error={cascade.error} onRetry={() => void cascade.refetch()} />
    );
  }
  const runs = cascade.data?.runs ?? [];
  if (runs.length < 2) return null;
  return (
    <section className={classes.box} aria-labelledby="cascade-title" data-cascade>
      <Title order={2} id="cascade-title" mb="xs">
        {t('cascade.title')}
      </Title>
      <Twigs branches={treeOf(runs)} here={runId} label={t('cascade.label')} />
      {cascade.data?.more && (
        <Text size="xs" c="dimmed" mt="xs">
          {t('cascade.more', { count: runs.length })}
        </Text>
      )}
    </section>
  );
}

type Twig = {
  readonly branches: readonly Branch<CascadeRun>[];
  readonly here: number;
  readonly label?: string;
};

function Twigs({ branches, here, label }: Twig) {
  return (
    <ul className={classes.twigs} {...(label === undefined ? {} : { 'aria-label': label })}>
      {branches.map(({ run, below }) => (
        <li key={run.id} className={classes.twig}>
          <One run={run} here={run.id === here} />
          {below.length > 0 && <Twigs branches={below} here={here} />}
        </li>
      ))}
    </ul>
  );
}

function One({ run, here }: { run: CascadeRun; here: boolean }) {
  const { t } = useTranslation();
  const record = run.record_label === '' ? run.record_key : run.record_label;
  return (
    <div
      className={classes.one}
      data-here={here || undefined}
      {...(here ? { title: t('cascade.here') } : {})}
    >
      <Link
        to="/runs/$runId"
        params={{ runId: String(run.id) }}
        className={classes.link}
        {...(here ? { 'aria-current': 'page' as const } : {})}
      >
        {run.rule_name}
      </Link>
      <RunPill state={run.state} />
      {!here && !run.record_table.startsWith('@') && <span className={classes.record}>{record}</span>}
    </div>
  );
}
