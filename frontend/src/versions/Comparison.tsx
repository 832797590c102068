/** Two versions beside each other: the drawing with its marks, and on the right everything in words. */
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { subjectOf } from '../api/builder';
import { isProblem } from '../api/client';
import { type Pair, useDiff } from '../api/versions';
import { type Change, changesByStep } from '../model/changes';
import { isObject, type JSONValue } from '../model/json';
import { LoadError, LoadingRows } from '../ui/States';
import { ChangeCards } from './ChangeCards';
import { DiffBoard } from './DiffBoard';
import { DifferentEvents } from './DifferentEvents';
import { JsonChanges } from './JsonChanges';
import { useSides } from './useSides';
import { VerdictNote } from './VerdictNote';
import classes from './versions.module.css';

type Props = {
  readonly pair: Pair;
  readonly documents: readonly [unknown, unknown];
  readonly selected: string | null;
  readonly onSelect: (step: string | null) => void;
};

function isJson(value: unknown): value is JSONValue {
  return value !== undefined;
}

const NONE: readonly never[] = [];

export function Comparison({ pair, documents, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const sides = useSides(documents, [pair.old, pair.now]);
  const diff = useDiff(pair);
  const found = diff.data;
  const changes = useMemo(() => {
    const told = (found?.changes ?? []).map(
      (one): Change => ({
        kind: one.kind,
        node: one.node,
        field: one.field,
        old: isJson(one.old) ? one.old : null,
        new: isJson(one.new) ? one.new : null,
      }),
    );
    return changesByStep(told, sides, sides.told);
  }, [found, sides]);
  const start = isObject(documents[1]) ? subjectOf(sides.now) : { connection: '', table: '' };
  const unfit = isProblem(diff.error, 'rule-has-problems');
  const toggle = (step: string): void => onSelect(step === selected ? null : step);
  const hasHistory =
    found !== undefined &&
    start.table !== '' &&
    found.verdict.code !== 'not-a-change' &&
    found.verdict.code !== 'untouched' &&
    subjectOf(sides.old).table === start.table;
  return (
    <>
      <div className={classes.board}>
        <DiffBoard sides={sides} changes={changes} selected={selected} onSelect={toggle} />
      </div>
      <aside className={classes.side} aria-label={t('versions.changesLabel')}>
        {diff.isPending && <LoadingRows rows={4} height={72} />}
        {diff.error && !unfit && (
          <LoadError title={t('versions.loadError')} error={diff.error} onRetry={() => void diff.refetch()} />
        )}
        {unfit && (
          <div className={classes.verdict} data-outcome="unknown" role="alert">
            <Text size="sm">{t('versions.unfit')}</Text>
          </div>
        )}
        {found && (
          <>
            <h2 className={classes.heading} aria-live="polite">
              {changes.length === 0 ? t('versions.same') : t('versions.changes', { count: changes.length })}
            </h2>
            {changes.length > 0 && <VerdictNote verdict={found.verdict} sides={sides} />}
            <ChangeCards
              changes={changes}
              conditions={found.conditions ?? NONE}
              sides={sides}
              selected={selected}
              onSelect={toggle}
            />
            {hasHistory && <DifferentEvents pair={pair} sides={sides} table={start.table} />}
          </>
        )}
        {!diff.isPending && <JsonChanges old={documents[0]} now={documents[1]} />}
      </aside>
    </>
  );
}
