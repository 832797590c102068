/**
 * The changes behind the figures, by kind: would have run, nearly matched, did not start; new and lost beside the version
 * that is on.
 */
import { Tabs, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isGoing, useMatches } from '../../api/backtests';
import type { Backtest, MatchKind, Rule } from '../../api/types';
import { nodesOf, open } from '../../model/graph';
import { isObject, same } from '../../model/json';
import type { RuleNode } from '../../model/rule';
import { More } from '../../ui/More';
import { LoadError, LoadingRows } from '../../ui/States';
import { useRoom } from '../context';
import { BacktestRow } from './BacktestRow';
import classes from './backtest.module.css';
import { neededText } from './reasons';

type Props = { readonly test: Backtest; readonly rule: Rule; readonly current: boolean };

const COMPARED: readonly MatchKind[] = ['new', 'lost'];
/** So many of a kind does the server list. */
const LISTED = 1_000;

function countOf({ result }: Backtest, kind: MatchKind): number {
  return kind === 'rest' ? result.listened - result.fired : result[kind];
}

/** Which comparison alone was in the way, and how often. */
function NearCounts({ test, nodes }: { test: Backtest; nodes: readonly RuleNode[] }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  if (test.result.near.length === 0) return null;
  return (
    <div className={classes.near} data-near>
      <Text size="sm" fw={600}>
        {t('backtest.near.title')}
      </Text>
      <ul>
        {test.result.near.slice(0, 5).map((one) => (
          <li key={`${one.node}${one.path}${one.relation}`}>
            <span>{neededText(nodes, one, words) ?? one.words}</span>
            <b>{t('backtest.near.times', { count: one.count })}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}

function MatchList({
  test,
  kind,
  nodes,
  current,
}: {
  test: Backtest;
  kind: MatchKind;
  nodes: readonly RuleNode[];
  current: boolean;
}) {
  const { t } = useTranslation();
  const count = countOf(test, kind);
  const list = useMatches(test, kind, count > 0);
  if (count === 0) {
    return (
      <Text size="sm" c="dimmed" py="md">
        {t(isGoing(test) ? 'backtest.none.yet' : `backtest.none.${kind}`)}
      </Text>
    );
  }
  if (list.isPending) return <LoadingRows rows={4} height={52} />;
  if (list.isError)
    return (
      <LoadError title={t('backtest.listError')} error={list.error} onRetry={() => void list.refetch()} />
    );
  const items = list.data.pages.flatMap((page) => page.items);
  return (
    <>
      {kind === 'nearly' && <NearCounts test={test} nodes={nodes} />}
      <ul className={classes.rows}>
        {items.map((match) => (
          <BacktestRow key={match.event_id} match={match} nodes={nodes} current={current} />
        ))}
      </ul>
      <More of={list} />
      {!list.hasNextPage && count > LISTED && items.length >= LISTED && (
        <Text size="sm" c="dimmed">
          {t('backtest.listed', { count: LISTED })}
        </Text>
      )}
    </>
  );
}

export function BacktestLists({ test, rule, current }: Props) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<MatchKind>('fired');
  const document: unknown = test.document;
  const nodes = useMemo(() => nodesOf(open(isObject(document) ? document : {})), [document]);
  const live: unknown = rule.live?.document;
  const alike = isObject(live) && isObject(document) && same(live, document);
  const kinds: readonly MatchKind[] = [
    'fired',
    'nearly',
    'rest',
    // An empty one would push the others into a second line.
    ...(test.against === null || alike
      ? []
      : COMPARED.filter((kind) => kind === tab || countOf(test, kind) > 0)),
  ];
  if (test.result.listened === 0 && test.result.lost === 0) return null;
  return (
    <Tabs
      variant="pills"
      value={tab}
      onChange={(chosen) => {
        const next = kinds.find((one) => one === chosen);
        if (next) setTab(next);
      }}
      keepMounted={false}
    >
      {/* Five of them may take two lines: pills stand on any of them. */}
      <Tabs.List className={classes.kinds ?? ''}>
        {kinds.map((kind) => (
          <Tabs.Tab key={kind} value={kind} px={10} py={6}>
            {t(`backtest.tab.${kind}`, { count: countOf(test, kind) })}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {kinds.map((kind) => (
        <Tabs.Panel key={kind} value={kind} pt="sm" data-kind={kind}>
          <MatchList test={test} kind={kind} nodes={nodes} current={current} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
