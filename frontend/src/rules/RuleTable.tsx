import { Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session';
import type { RuleSummary } from '../api/types';
import { faultText } from '../i18n/faultText';
import { problemText } from '../i18n/problemText';
import { Pill } from '../ui/Pill';
import { RelativeTime } from '../ui/RelativeTime';
import { Switch } from '../ui/Switch';
import { RuleMenu } from './RuleMenu';
import classes from './RuleTable.module.css';
import { TurnOffDialog } from './TurnOffDialog';
import { TurnOnDialog } from './TurnOnDialog';

type Asked = { rule: RuleSummary; on: boolean } | null;

export function RuleTable({ rules }: { rules: RuleSummary[] }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => setAsked(null);
  return (
    <div className={classes.scroll}>
      <Table className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('rules.column.rule')}</Table.Th>
            <Table.Th w={80}>{t('rules.column.on')}</Table.Th>
            <Table.Th w={200}>{t('rules.column.week')}</Table.Th>
            <Table.Th w={160}>{t('rules.column.lastRun')}</Table.Th>
            <Table.Th w={56}>
              <span className={classes.hidden}>{t('rules.column.menu')}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rules.map((rule) => (
            <Row key={rule.id} rule={rule} onSwitch={(on) => setAsked({ rule, on })} />
          ))}
        </Table.Tbody>
      </Table>
      {asked?.on === true && <TurnOnDialog ruleId={asked.rule.id} onClose={close} />}
      {asked?.on === false && <TurnOffDialog rule={asked.rule} onClose={close} />}
    </div>
  );
}

function Row({ rule, onSwitch }: { rule: RuleSummary; onSwitch: (on: boolean) => void }) {
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
        <Text size="xs" c="dimmed" lineClamp={1} title={rule.sentence}>
          {rule.sentence === '' ? t('rules.noSentence') : rule.sentence}
        </Text>
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
