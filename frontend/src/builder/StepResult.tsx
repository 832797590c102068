/** What a test says of one step, or of every step that it came by: conditions with the values seen, actions as previews. */
import { Stack, Text } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TestResult } from '../api/types';
import { nodeIn } from '../canvas/board';
import { branchName } from '../canvas/branchName';
import { titleKey } from '../canvas/face';
import { SeenConditions } from '../canvas/SeenConditions';
import { SeenWays } from '../canvas/SeenWays';
import { shown } from '../canvas/words';
import { faultText } from '../i18n/faultText';
import { isObject } from '../model/json';
import { humanise } from '../model/names';
import type { RuleNode } from '../model/rule';
import { isGroup, stepWords } from '../model/sentence';
import { Pill } from '../ui/Pill';
import { useRoom } from './context';
import classes from './panel.module.css';
import { SendToMe } from './SendToMe';
import { SmsCount } from './SmsCount';
import { useOpened } from './store';

type Step = TestResult['trace']['steps'][number];

function Fields({ preview }: { preview: TestResult['previews'][string] }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const table = typeof preview.fields['table'] === 'string' ? preview.fields['table'] : '';
  const rows = Object.entries(preview.fields).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'set' && isObject(value)) {
      return Object.entries(value).map(([column, one]) => [words.field(`after.${column}`, table), one]);
    }
    // Where it goes is said by the table; the database's name says nothing to most people.
    if (name === 'connection') return [];
    const label = t(`builder.do.${preview.kind}.${name}`, { defaultValue: humanise(name) });
    if (name === 'to' && isGroup(value)) return [[label, t(`builder.who.${value}`)]];
    return [[label, name === 'table' ? words.table(table) : value]];
  });
  return (
    <div>
      {rows
        .filter(([, value]) => value !== null && value !== '')
        .map(([name, value]) => (
          <Text key={name} size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            <Text span size="xs" c="dimmed">
              {name}
              {t('look.colon')}
            </Text>
            {shown(value)}
          </Text>
        ))}
    </div>
  );
}

function OneStep({ step, node, result }: { step: Step | undefined; node: RuleNode; result: TestResult }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const preview = result.previews[node.id];
  // Switched off: passed over, which is no fault.
  const passed = step?.state === 'skipped';
  const Icon = !step || passed ? IconMinus : step.state === 'failed' ? IconX : IconCheck;
  const color =
    !step || passed
      ? 'var(--mantine-color-dimmed)'
      : step.state === 'failed'
        ? 'var(--ry-bad)'
        : 'var(--ry-good)';
  return (
    <div className={classes.boxed} data-result={node.id}>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8, marginBottom: step ? 6 : 0 }}>
        <Icon size={17} color={color} aria-hidden />
        <Text fw={600} size="sm" flex={1}>
          {t(`builder.${titleKey(node)}`, { count: 1 })}
        </Text>
        {step?.branch && (
          <Pill tone={['no', 'otherwise', 'failed'].includes(step.branch) ? 'still' : 'good'}>
            {branchName(node, step.branch, t)}
          </Pill>
        )}
        {!step && (
          <Text size="xs" c="dimmed">
            {t('builder.test.notReached')}
          </Text>
        )}
      </div>
      {step && node.kind === 'condition' && (
        <SeenConditions logic={node['logic'] ?? null} seen={step.seen ?? []} words={words} tense="has" />
      )}
      {step && node.kind === 'choose' && (
        <SeenWays node={node} seen={step.seen ?? []} branch={step.branch ?? null} words={words} tense="has" />
      )}
      {step && node.kind === 'wait' && (
        <Text size="sm" c="dimmed">
          {t('lamps.waitSkipped', { wait: stepWords(node, words) })}
        </Text>
      )}
      {step?.error && (
        <Text size="sm" c={passed ? 'dimmed' : 'var(--mantine-color-error)'}>
          {faultText(step.error, t)}
        </Text>
      )}
      {step && preview && <Fields preview={preview} />}
      {step && preview?.kind === 'send_sms' && <SmsCount text={shown(preview.fields['text'] ?? '')} />}
      {node['do'] === 'send_email' && <SendToMe stepId={node.id} />}
    </div>
  );
}

export function StepResult({ result, stepId }: { result: TestResult; stepId: string | null }) {
  const opened = useOpened();
  const byNode = new Map(result.trace.steps.map((step) => [step.node, step]));
  const ids = stepId !== null ? [stepId] : result.trace.steps.map((step) => step.node);
  return (
    <Stack gap="xs">
      {ids.map((id) => {
        const node = nodeIn(opened, id);
        if (!node || (stepId === null && node.kind === 'trigger')) return null;
        return <OneStep key={id} node={node} step={byNode.get(id)} result={result} />;
      })}
    </Stack>
  );
}
