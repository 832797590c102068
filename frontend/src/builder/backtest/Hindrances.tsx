/** Why there is nothing to see, and what to do about it. */
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconBolt, IconDatabaseOff, IconHourglassEmpty } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../../api/client';
import type { Backtest } from '../../api/types';
import { Empty, useProblemText } from '../../ui/States';
import { useRoom } from '../context';
import { useBuilderStore } from '../store';
import { showTest } from '../useTesting';
import { choosePeriod, showBacktest } from './useBacktesting';

/** Clocks, webhooks and buttons leave no history of records. */
export function NotStartedByChanges() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  return (
    <Empty
      icon={<IconBolt size={24} />}
      title={t('backtest.noChanges.title')}
      actions={
        <Button variant="default" onClick={() => showTest(store, true)}>
          {t('builder.test.run')}
        </Button>
      }
    >
      {t('backtest.noChanges.text')}
    </Empty>
  );
}

export function ProblemsFirst({ count, step }: { count: number; step: string }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { commands } = useRoom();
  return (
    <Empty
      icon={<IconAlertTriangle size={24} />}
      title={t('backtest.problems.title', { count })}
      actions={
        step !== '' && (
          <Button
            variant="default"
            onClick={() => {
              showBacktest(store, false);
              store.setState({ tab: 'setup' });
              commands.select(step);
            }}
          >
            {t('backtest.problems.show')}
          </Button>
        )
      }
    >
      {t('backtest.problems.text')}
    </Empty>
  );
}

/** The server did not begin. */
export function Refused({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const inWords = useProblemText();
  const faulty = isProblem(error, 'rule-has-problems');
  return (
    <div role="alert">
      <Empty
        icon={<IconAlertTriangle size={24} />}
        title={t('backtest.refused')}
        actions={
          <Button variant="default" onClick={onRetry}>
            {t('ui.tryAgain')}
          </Button>
        }
      >
        {faulty ? t('backtest.problems.text') : inWords(error)}
      </Empty>
    </div>
  );
}

/** What the server puts before the words of the database; the title says it in the reader’s language. */
const OURS = /^The history could not be read: /;

/** It ended before its time. */
export function Stopped({ test, onRetry }: { test: Backtest; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <Empty
        icon={<IconDatabaseOff size={24} />}
        title={t('backtest.failed')}
        actions={
          <Button variant="default" onClick={onRetry}>
            {t('ui.tryAgain')}
          </Button>
        }
      >
        {t('backtest.failedText', { said: test.error.replace(OURS, '') })}
      </Empty>
    </div>
  );
}

/** The log knows no change of the table, or none in this period. */
export function NoHistory({ test }: { test: Backtest }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { words } = useRoom();
  const table = words.table(test.table);
  if (test.history_since === null) {
    return (
      <Empty
        icon={<IconDatabaseOff size={24} />}
        title={t('backtest.noHistory.title', { table })}
        actions={
          <Button component={Link} to="/data" variant="default">
            {t('backtest.noHistory.action')}
          </Button>
        }
      >
        {t('backtest.noHistory.text')}
      </Empty>
    );
  }
  return (
    <Empty
      icon={<IconHourglassEmpty size={24} />}
      title={t('backtest.quiet.title')}
      actions={
        test.days < 30 && (
          <Button variant="default" onClick={() => choosePeriod(store, 30)}>
            {t('backtest.quiet.action')}
          </Button>
        )
      }
    >
      {t('backtest.quiet.text', { table })}
    </Empty>
  );
}
