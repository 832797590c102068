/** One change of the past: whose, when, which way it would have gone and why; painted on the steps when asked. */
import { Button, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconRoute } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { BacktestMatch } from '../../api/types';
import type { RuleNode } from '../../model/rule';
import { momentText } from '../../ui/clock';
import { useLocale } from '../../ui/locale';
import { Pill } from '../../ui/Pill';
import { fullTime } from '../../ui/time';
import { useRoom } from '../context';
import { StepResult } from '../StepResult';
import { announce, useBuilder, useBuilderStore } from '../store';
import classes from './backtest.module.css';
import { branchesOf } from './figures';
import { missedText, seenText } from './reasons';
import { asTest, showMatch } from './useBacktesting';

type Props = {
  readonly match: BacktestMatch;
  readonly nodes: readonly RuleNode[];
  /** The rule is still the one that was tried, so its steps can show the way. */
  readonly current: boolean;
};

function Result({ match }: { match: BacktestMatch }) {
  const { t } = useTranslation();
  if (match.fired && match.trace?.outcome === 'failed')
    return <Pill tone="bad">{t('backtest.result.broken')}</Pill>;
  if (!match.fired) return <Pill tone="still">{t('backtest.result.quiet')}</Pill>;
  const branches = branchesOf(match.path);
  const last = branches.at(-1);
  return (
    <Pill tone={last === 'no' ? 'still' : 'good'}>
      {branches.length === 0
        ? t('backtest.result.ran')
        : branches.map((branch) => t(`builder.branch.${branch}`)).join(' → ')}
    </Pill>
  );
}

function When({ at }: { at: string }) {
  const locale = useLocale();
  const moment = new Date(at);
  return (
    <time dateTime={at} title={fullTime(moment, locale)} className={classes.when}>
      {momentText(moment, 'weekday', locale)}
    </time>
  );
}

export function BacktestRow({ match, nodes, current }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { words } = useRoom();
  const small = useMediaQuery('(max-width: 992px)', window.innerWidth <= 992) ?? false;
  const chosen = useBuilder((state) => state.backtest.match?.event_id === match.event_id);
  const name = match.record_label === '' ? `#${match.record_key}` : match.record_label;
  const why = ((): string => {
    if (match.trace === null) return t('backtest.why.gone');
    if (match.trace.outcome === 'failed') return match.words;
    if (match.fired) return seenText(match, nodes, words);
    return missedText(match, nodes, words, t) || t('backtest.why.deaf');
  })();
  const result = chosen ? asTest(match) : null;
  const show = (): void => {
    showMatch(store, chosen ? null : match, chosen || !small);
    if (!chosen) announce(store, t('backtest.painted', { record: name }));
  };
  return (
    <li className={classes.row} data-match={match.record_key} data-chosen={chosen || undefined}>
      <div className={classes.line}>
        <span className={classes.who}>
          {name}
          {match.record_label !== '' && (
            <Text span size="xs" c="dimmed" ml={6}>
              #{match.record_key}
            </Text>
          )}
        </span>
        <Result match={match} />
        <When at={match.at} />
      </div>
      <div className={classes.line}>
        <span className={classes.why}>{why}</span>
        {current && match.trace !== null && (
          <Button
            size="compact-sm"
            variant={chosen ? 'light' : 'subtle'}
            leftSection={<IconRoute size={15} aria-hidden />}
            aria-pressed={chosen}
            aria-label={t('backtest.showOf', { record: name })}
            onClick={show}
          >
            {t('backtest.show')}
          </Button>
        )}
      </div>
      {result && (
        <div className={classes.steps}>
          <StepResult result={result} stepId={null} />
        </div>
      )}
    </li>
  );
}
