import { Button, Text } from '@mantine/core';
import { IconActivity, IconEyeOff } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { type RecordKey, useChanges } from '../api/events';
import type { ChangeEvent, TableDetail } from '../api/types';
import { useLocale } from '../ui/locale';
import { More } from '../ui/More';
import { Pill, type Tone } from '../ui/Pill';
import { RelativeTime } from '../ui/RelativeTime';
import { RunPill } from '../ui/RunPill';
import { Empty, LoadError, LoadingRows } from '../ui/States';
import { fullTime } from '../ui/time';
import classes from './Data.module.css';
import { Differences } from './Differences';
import { Memory } from './Memory';
import { Verdict } from './Verdict';
import { WatchSwitch } from './WatchSwitch';

// The drawing of a rule is heavy: it comes when somebody asks.
const WhyDialog = lazy(() => import('./WhyDialog'));

const route = getRouteApi('/shell/data');

interface ListProps {
  connectionId: number;
  connectionName: string;
  table: TableDetail;
  /** Only changes of this record: its time line. */
  record?: RecordKey;
}

/** What happened to a table's records (or to one) lately, what ran because of it, and why something did not. */
export function Changes({ connectionId, connectionName, table, record }: ListProps) {
  const { t } = useTranslation();
  const { event, rule } = route.useSearch();
  const navigate = route.useNavigate();
  const changes = useChanges(connectionId, table.name, record);
  const here = {
    connection: connectionId,
    table: table.name,
    ...(record === undefined ? {} : { record }),
    ...(rule === undefined ? {} : { rule }),
  };
  const why = event !== undefined && (
    <Suspense fallback={null}>
      <WhyDialog
        log={connectionId}
        connectionName={connectionName}
        eventId={event}
        ruleId={rule ?? null}
        onRule={(id) => {
          const { rule: _old, ...rest } = here;
          void navigate({ search: { ...rest, event, ...(id === null ? {} : { rule: id }) }, replace: true });
        }}
        onClose={() => void navigate({ search: here })}
      />
    </Suspense>
  );
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
    const words = !table.watched
      ? 'data.change.notWatched'
      : record === undefined
        ? 'data.change.empty'
        : 'why.record.empty';
    const icon = table.watched ? <IconActivity size={24} /> : <IconEyeOff size={24} />;
    return (
      <>
        <Empty
          icon={icon}
          title={t(`${words}.title`)}
          actions={
            table.watched ? undefined : (
              <>
                <Text size="sm">{t('data.column.watch')}</Text>
                <WatchSwitch connectionId={connectionId} table={table} />
              </>
            )
          }
        >
          {t(`${words}.body`)}
        </Empty>
        {record !== undefined && <Memory connectionId={connectionId} />}
        {why}
      </>
    );
  }
  return (
    <>
      <ol className={classes.changes} data-line={record !== undefined || undefined}>
        {items.map((change) => (
          <Change
            key={`${change.log} ${change.id}`}
            change={change}
            table={table}
            ruleId={rule ?? null}
            alone={record !== undefined}
            onWhy={() => void navigate({ search: { ...here, event: change.id } })}
          />
        ))}
      </ol>
      <More of={changes} />
      {!changes.hasNextPage && <Memory connectionId={connectionId} />}
      {why}
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
  webhook: 'still',
};

interface ChangeProps {
  change: ChangeEvent;
  table: TableDetail;
  /** The rule that is asked about. */
  ruleId: number | null;
  /** All changes of the list are of this record. */
  alone: boolean;
  onWhy: () => void;
}

function Change({ change, table, ruleId, alone, onWhy }: ChangeProps) {
  const { t } = useTranslation();
  const by = change.cause !== null && change.cause !== '' ? t('data.change.byRun') : change.actor;
  return (
    <li className={classes.change} data-op={change.op}>
      <div className={classes.what}>
        <div className={classes.head}>
          <Pill tone={TONES[change.op]}>{t(`data.change.${change.op}`)}</Pill>
          {!alone && <RecordLink change={change} ruleId={ruleId} />}
          <Text size={alone ? 'sm' : 'xs'} c="dimmed" component="span">
            {alone ? <Moment at={change.at} /> : <RelativeTime at={change.at} />}
            {by !== null && by !== '' && ` · ${change.cause ? by : t('data.change.by', { actor: by })}`}
          </Text>
        </div>
        <Differences change={change} table={table} whole={alone} />
        {change.cut && (
          <Text size="xs" c="dimmed">
            {t('data.change.cut', { columns: change.cut_columns.join(', ') })}
          </Text>
        )}
        {ruleId !== null && <Verdict ruleId={ruleId} change={change} />}
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

/** To the time line of the record that was changed; no record has a key where a table was emptied. */
function RecordLink({ change, ruleId }: { change: ChangeEvent; ruleId: number | null }) {
  const { t } = useTranslation();
  const name =
    change.record_label === '' ? change.record_key : `${change.record_label} (#${change.record_key})`;
  if (Object.keys(change.key).length === 0) return null;
  return (
    <Link
      to="/data"
      search={{
        connection: change.log,
        table: change.table,
        record: change.key,
        ...(ruleId === null ? {} : { rule: ruleId }),
      }}
      className={classes.link}
      aria-label={t('why.record.open', { record: name })}
    >
      {name}
    </Link>
  );
}

function Moment({ at }: { at: string }) {
  const locale = useLocale();
  return <time dateTime={at}>{fullTime(new Date(at), locale)}</time>;
}
