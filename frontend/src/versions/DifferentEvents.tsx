/** Stored changes that the two decide differently, newest first; honest about how far back was looked. */
import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Decision, DifferentEvent } from '../api/types';
import { type Pair, useDifferentEvents } from '../api/versions';
import changed from '../review/changes.module.css';
import { useLocale } from '../ui/locale';
import { RelativeTime } from '../ui/RelativeTime';
import { LoadingRows, useProblemText } from '../ui/States';
import { RecordTable } from './RecordTable';
import type { Sides } from './useSides';
import { useStepsText } from './VerdictNote';
import classes from './versions.module.css';

export function DifferentEvents({ pair, sides, table }: { pair: Pair; sides: Sides; table: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const inWords = useProblemText();
  const found = useDifferentEvents(pair, true);
  const pages = found.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items);
  const read = pages.reduce((sum, page) => sum + page.read, 0);
  const last = pages.at(-1);
  const at = (moment: string): string =>
    new Date(moment).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <section aria-labelledby="different-events" className={classes.section}>
      <h2 id="different-events" className={classes.heading}>
        {t('versions.events.title')}
      </h2>
      {found.error && (
        <Text size="sm" role="alert">
          {inWords(found.error)}
        </Text>
      )}
      {found.isPending && <LoadingRows rows={2} height={56} />}
      {last?.related_now && (
        <Text size="sm" c="dimmed">
          {t('versions.events.relatedNow')}
        </Text>
      )}
      {last && (
        <Text size="sm" c="dimmed" aria-live="polite">
          {items.length === 0
            ? t(read === 0 ? 'versions.events.noHistory' : 'versions.events.none', { count: read })
            : t('versions.events.read', { count: read })}{' '}
          {last.next !== null && last.back_to
            ? t('versions.events.backTo', { moment: at(last.back_to) })
            : last.history_since
              ? t('versions.events.since', { moment: at(last.history_since) })
              : ''}
        </Text>
      )}
      <ul className={classes.events}>
        {items.map((event) => (
          <EventRow key={event.event_id} event={event} sides={sides} table={table} />
        ))}
      </ul>
      {found.hasNextPage && (
        <Button
          variant="default"
          size="sm"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('versions.events.older')}
        </Button>
      )}
    </section>
  );
}

function EventRow({ event, sides, table }: { event: DifferentEvent; sides: Sides; table: string }) {
  const { t } = useTranslation();
  const stepsText = useStepsText(sides);
  const decision = (one: Decision): string => {
    if (!one.listens) return t('versions.decision.notHeard');
    return one.error ? t('versions.decision.breaks', { reason: one.error }) : stepsText(one.steps ?? []);
  };
  const { words } = sides.told;
  const shown = (name: string): boolean =>
    sides.read.has(name) ||
    JSON.stringify(event.before?.[name] ?? null) !== JSON.stringify(event.after?.[name] ?? null);
  return (
    <li data-different-event={event.event_id}>
      <details>
        <summary>
          <span className={classes.eventHead}>
            <b>{t('versions.events.record', { table: words.table(table), key: event.record_key })}</b>{' '}
            <span className={classes.dim}>
              <RelativeTime at={event.at} />
            </span>
          </span>
          <span className={classes.eventDecision}>
            <del className={changed.was}>{decision(event.old)}</del>
            <span aria-hidden> → </span>
            <ins className={changed.now}>{decision(event.new)}</ins>
          </span>
        </summary>
        <RecordTable
          before={part(event.before, shown)}
          after={part(event.after, shown)}
          words={words}
          label={t('versions.events.record', { table: words.table(table), key: event.record_key })}
        />
      </details>
    </li>
  );
}

/** Of a long row only what a version reads or what was changed. */
function part(row: DifferentEvent['after'], shown: (name: string) => boolean): object | null {
  return row === null ? null : Object.fromEntries(Object.entries(row).filter(([name]) => shown(name)));
}
