/** Walks a record's stored changes, oldest at the left, now at the right; says what the rule would have made of each. */
import { ActionIcon, Button, Loader, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLog } from '../../api/connections';
import { useChanges } from '../../api/events';
import { day } from '../../ui/days';
import { useLocale } from '../../ui/locale';
import { Pill, type Tone } from '../../ui/Pill';
import { fullTime } from '../../ui/time';
import { useRoom } from '../context';
import { useBuilder, useBuilderStore, useOpened } from '../store';
import { type Difference, differencesOf, momentsOf, type Verdict, verdictKey, verdictOf } from './history';
import classes from './lamps.module.css';
import { lookAt } from './useMoments';

/** So near to the oldest change that is loaded, older ones are read. */
const NEAR = 2;
const SHOWN = 3;

function toneOf(verdict: Verdict): Tone {
  if (verdict.start !== 'starts' || verdict.ending === 'nothing') return 'still';
  return verdict.ending === 'acts' ? 'good' : verdict.ending === 'fails' ? 'bad' : 'busy';
}

function useHistory(connectionId: number, table: string, key: Readonly<Record<string, unknown>>) {
  const pages = useChanges(connectionId, table, key);
  const moments = useMemo(
    () => momentsOf(pages.data?.pages.flatMap((page) => page.items) ?? []),
    [pages.data],
  );
  const opened = useDeferredValue(useOpened());
  const verdicts = useMemo(() => moments.map((moment) => verdictOf(opened, moment)), [moments, opened]);
  return { pages, moments, verdicts };
}

function Since({ connectionId }: { connectionId: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const oldest = useLog(connectionId).data?.oldest_on ?? null;
  if (oldest === null) return null;
  return (
    <span className={classes.has} data-since>
      {t('lamps.history.since', { day: day(oldest, locale) })}
    </span>
  );
}

function What({ differences, op }: { differences: readonly Difference[]; op: string }) {
  const { t } = useTranslation();
  if (op !== 'update') return <span>{t(`data.change.${op}`)}</span>;
  return (
    <>
      {differences.slice(0, SHOWN).map(({ field, was, is }) => (
        <span key={field} className={classes.difference}>
          {field}: <s>{was}</s> → <strong>{is}</strong>
        </span>
      ))}
      {differences.length > SHOWN && <span>+{differences.length - SHOWN}</span>}
    </>
  );
}

type Props = {
  readonly connectionId: number;
  readonly recordKey: Readonly<Record<string, unknown>>;
};

export function TimeSlider({ connectionId, recordKey }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const store = useBuilderStore();
  const { subject, words } = useRoom();
  const moment = useBuilder((state) => state.testing.moment);
  const { pages, moments, verdicts } = useHistory(connectionId, subject.table, recordKey);
  const found = moment ? moments.findIndex((one) => one.id === moment.id) : -1;
  const at = found < 0 ? moments.length : found;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  // Also until the change that was chosen elsewhere is come by.
  const missing = moment !== null && found < 0;
  const wantsMore = hasNextPage && !isFetchingNextPage && (at <= NEAR || missing);
  useEffect(() => {
    if (wantsMore) void fetchNextPage();
  }, [wantsMore, fetchNextPage]);

  if (pages.isError) {
    return (
      <div className={classes.history}>
        <span>{t('data.change.error')}</span>
        <Button size="compact-xs" variant="default" onClick={() => void pages.refetch()}>
          {t('lamps.history.again')}
        </Button>
      </div>
    );
  }
  if (pages.data === undefined) return <div className={classes.history}>{<Loader size={16} />}</div>;
  if (moments.length === 0) {
    return (
      <div className={classes.history} data-history="empty">
        <span>{t(subject.watched === false ? 'lamps.history.unwatched' : 'lamps.history.empty')}</span>
        <Since connectionId={connectionId} />
      </div>
    );
  }
  const go = (to: number): void => lookAt(store, moments[to] ?? null);
  const chosen = moments[at];
  const verdict = verdicts[at];
  const when = chosen ? fullTime(new Date(chosen.at), locale) : t('lamps.history.now');
  const verdictText = verdict ? t(`lamps.history.verdict.${verdictKey(verdict)}`) : '';
  const differences = chosen ? differencesOf(chosen, words) : [];
  const said = [
    when,
    ...differences.slice(0, SHOWN).map(({ field, was, is }) => t('lamps.history.change', { field, was, is })),
    ...(verdictText === '' ? [] : [verdictText]),
  ].join('. ');
  return (
    <div className={classes.history} data-history={chosen?.id ?? 'now'}>
      <div className={classes.track}>
        <Tooltip label={t('lamps.history.earlier')}>
          <ActionIcon
            size={26}
            disabled={at === 0}
            aria-label={t('lamps.history.earlier')}
            onClick={() => go(at - 1)}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
        </Tooltip>
        <div className={classes.rail}>
          <div className={classes.dots} aria-hidden>
            {verdicts.map((one, index) => (
              <i
                key={moments[index]?.id}
                data-tone={toneOf(one)}
                style={{ insetInlineStart: `${(100 * index) / moments.length}%` }}
              />
            ))}
          </div>
          <input
            type="range"
            min={0}
            max={moments.length}
            step={1}
            value={at}
            aria-label={t('lamps.history.slider')}
            aria-valuetext={said}
            onChange={(event) => go(Number(event.currentTarget.value))}
          />
        </div>
        <Tooltip label={t('lamps.history.later')}>
          <ActionIcon
            size={26}
            disabled={chosen === undefined}
            aria-label={t('lamps.history.later')}
            onClick={() => go(at + 1)}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
        </Tooltip>
        <Button
          size="compact-sm"
          variant={chosen ? 'default' : 'light'}
          aria-pressed={chosen === undefined}
          onClick={() => go(moments.length)}
        >
          {t('lamps.history.now')}
        </Button>
      </div>
      <div className={classes.told} data-verdict-then={verdict ? verdictKey(verdict) : undefined}>
        {chosen && verdict ? (
          <>
            <strong>{when}</strong>
            <What differences={differences} op={chosen.op} />
            <Pill tone={toneOf(verdict)}>{verdictText}</Pill>
          </>
        ) : (
          <span className={classes.has}>{t('lamps.history.hint', { count: moments.length })}</span>
        )}
        {isFetchingNextPage && <Loader size={14} />}
        {at === 0 && !hasNextPage && <Since connectionId={connectionId} />}
      </div>
    </div>
  );
}
