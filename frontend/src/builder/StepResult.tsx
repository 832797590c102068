/** What a test says of one step, or of every step that it came by: conditions with the values seen, actions as previews. */
import { Stack, Text } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestResult } from '../api/types';
import { nodeIn } from '../canvas/board';
import { branchName } from '../canvas/branchName';
import { titleKey } from '../canvas/face';
import { SeenConditions } from '../canvas/SeenConditions';
import { SeenWays } from '../canvas/SeenWays';
import { shown } from '../canvas/words';
import { withWords } from '../i18n';
import { faultText } from '../i18n/faultText';
import { isObject } from '../model/json';
import type { RuleNode } from '../model/rule';
import { stepWords } from '../model/stepWords';
import { useLocale } from '../ui/locale';
import { Pill } from '../ui/Pill';
import { useRoom } from './context';
import { HtmlFrame } from './HtmlFrame';
import classes from './panel.module.css';
import { SendToMe } from './SendToMe';
import { SmsCount } from './SmsCount';
import { useOpened } from './store';
import { WouldStart } from './WouldStart';

const PreviewFields = lazy(() => withWords(import('./PreviewFields'), 'desk'));

type Step = TestResult['trace']['steps'][number];

function OneStep({ step, node, result }: { step: Step | undefined; node: RuleNode; result: TestResult }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const locale = useLocale();
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
          <Pill
            tone={['no', 'otherwise', 'failed', 'refused', 'late'].includes(step.branch) ? 'still' : 'good'}
          >
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
      {step && node['do'] === 'ask_approval' && step.state === 'succeeded' && (
        <Text size="sm" c="dimmed">
          {t('approval.test', { answer: t(`approval.form.answer.${step.branch ?? 'approved'}`) })}
        </Text>
      )}
      {step && node.kind === 'for_each' && !passed && step.state !== 'failed' && (
        <Text size="sm" c="dimmed">
          {isObject(step.input) && typeof step.input['count'] === 'number'
            ? t('items.testFirst', { count: step.input['count'] })
            : t('items.testEmpty')}
        </Text>
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
      {step && preview && typeof preview.listed_at === 'string' && (
        <Text size="sm" fw={600}>
          {t(preview.kind === 'send_sms' ? 'sms.listedSince' : 'sms.listedCall', {
            date: new Date(preview.listed_at).toLocaleDateString(locale, { dateStyle: 'medium' }),
          })}
        </Text>
      )}
      {step && preview && (
        <Suspense>
          <PreviewFields preview={preview} />
        </Suspense>
      )}
      {step && preview && <WouldStart kind={preview.kind} names={preview.starts ?? []} />}
      {step && preview?.kind === 'send_email' && typeof preview.fields['html'] === 'string' && (
        <HtmlFrame title={t('builder.do.send_email.html')} html={preview.fields['html']} />
      )}
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
