import { Table, Text, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session';
import type { RuleSummary } from '../api/types';
import { openedFrom, usePlainSentence } from '../canvas/SentenceText';
import { useNamedTables } from '../canvas/useNamedTables';
import { NO_TABLES, type Tables } from '../canvas/words';
import { faultText } from '../i18n/faultText';
import { problemText } from '../i18n/problemText';
import type { Opened } from '../model/graph';
import { Pill } from '../ui/Pill';
import { RelativeTime } from '../ui/RelativeTime';
import { Switch } from '../ui/Switch';
import { TurnOff } from '../ui/TurnOff';
import { RuleMenu } from './RuleMenu';
import classes from './RuleTable.module.css';
import { SortHead } from './SortHead';
import { TurnOnDialog } from './TurnOnDialog';

const EMPTY = openedFrom(null);

type Asked = { rule: RuleSummary; on: boolean } | null;

export function RuleTable({ rules }: { rules: RuleSummary[] }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => setAsked(null);
  const openeds = useMemo(() => rules.map(({ document }) => openedFrom(document)), [rules]);
  const tablesOf = useNamedTables(openeds);
  const tables = useMemo(() => openeds.map(tablesOf), [openeds, tablesOf]);
  return (
    <div className={classes.scroll}>
      <Table className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <SortHead by="name">{t('rules.column.rule')}</SortHead>
            <Table.Th w={72}>{t('rules.column.on')}</Table.Th>
            <SortHead by="runs" width={{ base: 192, lg: 200 }}>
              {t('rules.column.week')}
            </SortHead>
            <SortHead by="last_run" width={{ base: 156, lg: 180 }}>
              {t('rules.column.lastRun')}
            </SortHead>
            <Table.Th w={56}>
              <VisuallyHidden>{t('rules.column.menu')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rules.map((rule, index) => (
            <Row
              key={rule.id}
              rule={rule}
              says={<Says opened={openeds[index] ?? EMPTY} tables={tables[index] ?? NO_TABLES} />}
              onSwitch={(on) => setAsked({ rule, on })}
            />
          ))}
        </Table.Tbody>
      </Table>
      {asked?.on === true && <TurnOnDialog ruleId={asked.rule.id} onClose={close} />}
      {asked?.on === false && <TurnOff rule={asked.rule} onClose={close} />}
    </div>
  );
}

/** What the rule does, on one line, in the reader's own language. */
function Says({ opened, tables }: { opened: Opened; tables: Tables }) {
  const { t } = useTranslation();
  const sentence = usePlainSentence({ opened, tables });
  return (
    <Text size="xs" c="dimmed" className={classes.says} title={sentence}>
      {sentence === '' ? t('rules.noSentence') : sentence}
    </Text>
  );
}

interface RowProps {
  rule: RuleSummary;
  says: ReactNode;
  onSwitch: (on: boolean) => void;
}

function Row({ rule, says, onSwitch }: RowProps) {
  const { t } = useTranslation();
  const mayPublish = useMay('publisher');
  return (
    <Table.Tr className={classes.row}>
      <Table.Td>
        <div className={classes.name}>
          <Link to="/rules/$ruleId" params={{ ruleId: String(rule.id) }} className={classes.link}>
            {rule.name}
          </Link>
          <States rule={rule} />
        </div>
        {says}
      </Table.Td>
      <Table.Td>
        <Switch
          on={rule.enabled}
          label={t('rules.switchLabel', { name: rule.name })}
          disabled={!mayPublish || rule.archived}
          onChange={onSwitch}
        />
      </Table.Td>
      <Table.Td>
        <div className={classes.week}>
          {rule.runs_7d === 0 ? (
            <Text size="sm" c="dimmed">
              {t('rules.runs', { count: 0 })}
            </Text>
          ) : (
            <Link to="/runs" search={{ rule: rule.id, period: '7d' }} className={classes.count}>
              {t('rules.runs', { count: rule.runs_7d })}
            </Link>
          )}
          {rule.failed_7d > 0 && (
            <Link
              to="/runs"
              search={{ rule: rule.id, period: '7d', state: 'failed' }}
              className={classes.failed}
            >
              <Pill tone="warn">{t('rules.failed', { count: rule.failed_7d })}</Pill>
            </Link>
          )}
        </div>
      </Table.Td>
      <Table.Td>
        <Text size="sm" component="div">
          <RelativeTime at={rule.last_run_at} />
        </Text>
      </Table.Td>
      <Table.Td>
        <RuleMenu rule={rule} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Runs of it wait for somebody's word, or further ones would. */
function isHolding(rule: RuleSummary): boolean {
  return (rule.held ?? 0) > 0 || (rule.held_since ?? null) !== null;
}

function States({ rule }: { rule: RuleSummary }) {
  const { t } = useTranslation();
  return (
    <>
      {rule.live_version === null && <Pill tone="still">{t('rules.pill.draft')}</Pill>}
      {rule.live_version !== null && rule.has_draft && <Pill tone="new">{t('rules.pill.changed')}</Pill>}
      {rule.paused && (
        <span title={faultText(rule.paused, t)}>
          <Pill tone="bad">{t('cascade.paused.pill')}</Pill>
        </span>
      )}
      {isHolding(rule) && (
        <Link to="/runs" search={{ rule: rule.id, state: 'held' }} className={classes.failed} data-held>
          <Pill tone="bad">{t('held.pill', { count: rule.held ?? 0 })}</Pill>
        </Link>
      )}
      {rule.drift?.slice(0, 1).map((problem) => (
        <span key={problem.code} title={problemText(problem, t)}>
          <Pill tone="bad">{t('problems.drift')}</Pill>
        </span>
      ))}
      {rule.problems_count > 0 && (
        <Pill tone="warn">{t('rules.pill.problems', { count: rule.problems_count })}</Pill>
      )}
    </>
  );
}
