/** The panel that tries the open rule on the changes that are kept: period, progress, figures, lists. Nothing is sent. */
import { ActionIcon, Button, Drawer, SegmentedControl, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconClockPlay, IconRefresh, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isGoing } from '../../api/backtests';
import type { Backtest, Rule } from '../../api/types';
import type { StepProblem } from '../../model/problems';
import { Explain } from '../../ui/Explain';
import { RelativeTime } from '../../ui/RelativeTime';
import { LoadError, LoadingRows } from '../../ui/States';
import { useRoom } from '../context';
import panel from '../panel.module.css';
import { announce, useBuilder, useBuilderStore } from '../store';
import tones from '../tone.module.css';
import { BacktestLists } from './BacktestLists';
import { BacktestProgress } from './BacktestProgress';
import { BacktestSummary } from './BacktestSummary';
import classes from './backtest.module.css';
import { DAYS } from './figures';
import { NotStartedByChanges, ProblemsFirst, Refused, Stopped } from './Hindrances';
import { headline } from './headline';
import { choosePeriod, showBacktest, useFinding } from './useBacktesting';

type Props = {
  readonly rule: Rule;
  readonly problems: ReadonlyMap<string, readonly StepProblem[]>;
};

/** Says to screen readers what was found, once for each result. */
function useToldEnd(test: Backtest | null): void {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const told = useRef<number | null>(null);
  useEffect(() => {
    if (!test || isGoing(test) || told.current === test.id) return;
    told.current = test.id;
    announce(store, t('backtest.finished', { result: headline(test, t) }));
  }, [test, store, t]);
}

function Inside({ rule, problems }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const days = useBuilder((state) => state.backtest.days);
  const { list, start, exact, older, possible, again } = useFinding(rule.id, days);
  const errors = [...problems.values()].flat().filter((problem) => problem.severity === 'error');
  const ready = possible && errors.length === 0;
  const asked = useRef('');
  const known = list.isSuccess;
  // Who opens the panel or chooses a period wants to see it tried; a rule that changes meanwhile waits for "Try again".
  // biome-ignore lint/correctness/useExhaustiveDependencies: only opening and the period ask by themselves
  useEffect(() => {
    const place = `${days} ${rule.id}`;
    if (!known || !ready || exact || asked.current === place) return;
    asked.current = place;
    again();
  }, [days, known, ready]);
  useToldEnd(exact);
  const shown = exact ?? older;
  const busy = start.isPending || (exact !== null && isGoing(exact));
  return (
    <>
      <div className={classes.head}>
        <SegmentedControl
          aria-label={t('backtest.period.label')}
          value={String(days)}
          onChange={(chosen) => {
            const next = DAYS.find((one) => String(one) === chosen);
            if (next) choosePeriod(store, next);
          }}
          data={DAYS.map((one) => ({ value: String(one), label: t(`backtest.period.d${one}`) }))}
        />
        {shown && !busy && ready && (
          <Button
            variant={exact ? 'subtle' : 'light'}
            size="compact-sm"
            leftSection={<IconRefresh size={15} aria-hidden />}
            onClick={again}
          >
            {t('backtest.again')}
          </Button>
        )}
      </div>
      {!possible && <NotStartedByChanges />}
      {possible && errors.length > 0 && <ProblemsFirst count={errors.length} step={errors[0]?.step ?? ''} />}
      {ready && list.isPending && <LoadingRows rows={3} height={64} />}
      {ready && list.isError && (
        <LoadError title={t('backtest.loadError')} error={list.error} onRetry={() => void list.refetch()} />
      )}
      {ready && start.isError && !start.isPending && <Refused error={start.error} onRetry={again} />}
      {ready && exact && isGoing(exact) && <BacktestProgress test={exact} ruleId={rule.id} />}
      {ready && start.isPending && !exact && <LoadingRows rows={1} height={64} />}
      {ready && exact?.state === 'failed' && <Stopped test={exact} onRetry={again} />}
      {ready && !exact && older && !start.isPending && (
        <div className={classes.note}>{t('backtest.older')}</div>
      )}
      {ready && shown && shown.state !== 'failed' && (
        <>
          <BacktestSummary test={shown} rule={rule} />
          <BacktestLists key={shown.id} test={shown} rule={rule} current={exact !== null} />
          {!isGoing(shown) && (
            <Text size="xs" c="dimmed">
              {t('backtest.asOf')} <RelativeTime at={shown.finished_at} />
            </Text>
          )}
        </>
      )}
    </>
  );
}

export function BacktestPanel(props: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { words, subject } = useRoom();
  const small = useMediaQuery('(max-width: 992px)', window.innerWidth <= 992) ?? false;
  const title = useRef<HTMLHeadingElement>(null);
  const close = (): void => {
    showBacktest(store, false);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-try-past] button')?.focus());
  };
  useEffect(() => title.current?.focus(), []);
  const inside = (
    <>
      <header className={panel.panelHead}>
        <span className={`${tones.tone} ${panel.panelTile}`} data-tone="when">
          <IconClockPlay size={22} aria-hidden />
        </span>
        <div style={{ flex: 1, minWidth: 0 }}>
          <h2 className={panel.panelTitle} ref={title} tabIndex={-1} style={{ outline: 'none' }}>
            {t('backtest.title')}
          </h2>
          <Text size="sm" c="dimmed">
            {t('backtest.nothingSent', { table: words.table(subject.table) })}
          </Text>
        </div>
        <Explain word="backtest" />
        <ActionIcon aria-label={t('ui.close')} onClick={close}>
          <IconX size={18} />
        </ActionIcon>
      </header>
      <div className={`${panel.panelBody} ${classes.body}`}>
        <Inside {...props} />
      </div>
    </>
  );
  if (small) {
    return (
      <Drawer
        opened
        onClose={close}
        position="bottom"
        size="88%"
        padding={0}
        withCloseButton={false}
        title={null}
        aria-label={t('backtest.title')}
      >
        <div data-panel data-backtest className={classes.drawer}>
          {inside}
        </div>
      </Drawer>
    );
  }
  return (
    <aside
      className={`${panel.panel} ${classes.panel}`}
      data-panel
      data-backtest
      aria-label={t('backtest.title')}
    >
      {inside}
    </aside>
  );
}
