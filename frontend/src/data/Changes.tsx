import { Button, Text } from '@mantine/core';
import { IconActivity, IconEyeOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChanges } from '../api/events';
import type { ChangeEvent, TableDetail } from '../api/types';
import { More } from '../ui/More';
import { Pill, type Tone } from '../ui/Pill';
import { RelativeTime } from '../ui/RelativeTime';
import { RunPill } from '../ui/RunPill';
import { Empty, LoadError, LoadingRows } from '../ui/States';
import classes from './Data.module.css';
import { useValue } from './useValue';

// The drawing of a rule is heavy: it comes when somebody asks.
const WhyDialog = lazy(() => import('./WhyDialog'));

/** What happened to a table's records lately, what ran because of it, and why something did not. */
export function Changes({ connectionId, table }: { connectionId: number; table: TableDetail }) {
  const { t } = useTranslation();
  const changes = useChanges(connectionId, table.name);
  const [asked, setAsked] = useState<ChangeEvent | null>(null);
  if (changes.data === undefined) {
    if (!changes.isError) return <LoadingRows />;
    return (
      <LoadError
        title={t('data.change.error')}
        error={changes.error}
        onRetry={() => void changes.refetch()}
      />
    );
  }
  const items = changes.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    const words = table.watched ? 'data.change.empty' : 'data.change.notWatched';
    const icon = table.watched ? <IconActivity size={24} /> : <IconEyeOff size={24} />;
    return (
      <Empty icon={icon} title={t(`${words}.title`)}>
        {t(`${words}.body`)}
      </Empty>
    );
  }
  return (
    <>
      <ol className={classes.changes}>
        {items.map((change) => (
          <Change
            key={`${change.log} ${change.id}`}
            change={change}
            table={table}
            onWhy={() => setAsked(change)}
          />
        ))}
      </ol>
      <More of={changes} />
      {asked !== null && (
        <Suspense fallback={null}>
          <WhyDialog change={asked} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  );
}

const TONES: Record<ChangeEvent['op'], Tone> = {
  insert: 'good',
  update: 'busy',
  delete: 'bad',
  truncate: 'bad',
  tick: 'still',
  manual: 'still',
};

interface ChangeProps {
  change: ChangeEvent;
  table: TableDetail;
  onWhy: () => void;
}

function Change({ change, table, onWhy }: ChangeProps) {
  const { t } = useTranslation();
  const by = change.cause !== null && change.cause !== '' ? t('data.change.byRun') : change.actor;
  return (
    <li className={classes.change}>
      <div className={classes.what}>
        <div className={classes.head}>
          <Pill tone={TONES[change.op]}>{t(`data.change.${change.op}`)}</Pill>
          <Text size="sm" fw={600}>
            {change.record_key}
          </Text>
          <Text size="xs" c="dimmed" component="span">
            <RelativeTime at={change.at} />
            {by !== null && by !== '' && ` · ${change.cause ? by : t('data.change.by', { actor: by })}`}
          </Text>
        </div>
        <Differences change={change} table={table} />
      </div>
      <div className={classes.ran}>
        {change.runs.length === 0 && (
          <Text size="xs" c="dimmed">
            {t('data.change.noRuns')}
          </Text>
        )}
        {change.runs.map((run) => (
          <Link
            key={run.run_id}
            to="/runs/$runId"
            params={{ runId: String(run.run_id) }}
            className={classes.run}
          >
            <span className="ry-cut">{run.rule_name}</span> <RunPill state={run.state} />
          </Link>
        ))}
        <Button variant="subtle" size="compact-xs" onClick={onWhy}>
          {t('data.change.whyNot')}
        </Button>
      </div>
    </li>
  );
}

const SHOWN = 4;

function Differences({ change, table }: { change: ChangeEvent; table: TableDetail }) {
  const show = useValue();
  if (change.op !== 'update' || change.before === null || change.after === null) return null;
  const { before, after } = change;
  const labels = new Map(table.columns.map((column) => [column.name, column.label]));
  return (
    <ul className={classes.differences}>
      {change.changed.slice(0, SHOWN).map((name) => (
        <li key={name}>
          <b>{labels.get(name) ?? name}</b> <s>{show(before[name])}</s> → <span>{show(after[name])}</span>
        </li>
      ))}
      {change.changed.length > SHOWN && <li>+{change.changed.length - SHOWN}</li>}
    </ul>
  );
}
