/** The story of a trace, step by step in sentences, with what was seen, what was done and what went wrong. */
import { Anchor, Button, Code, Collapse, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '../i18n/faultText';
import { isFind } from '../model/finding';
import { leadingFrom, nodesOf, type Opened } from '../model/graph';
import { textAt } from '../model/json';
import { paint } from '../model/paint';
import type { FlipLike } from '../model/reason';
import type { RuleNode } from '../model/rule';
import { stepWords } from '../model/stepWords';
import { awaitsSomething } from '../model/waits';
import type { Words } from '../model/wording';
import { actorText } from '../ui/actor';
import { momentText } from '../ui/clock';
import { useLocale } from '../ui/locale';
import { duration, untilTime } from '../ui/time';
import { adviceOf } from './advice';
import { isHandled, isPassedOver } from './badges';
import { branchName } from './branchName';
import { FoundRecords } from './FoundRecords';
import { titleKey } from './face';
import { OtherWay } from './OtherWay';
import { ReportLink } from './ReportLink';
import { SeenConditions } from './SeenConditions';
import { SeenWays } from './SeenWays';
import {
  actionStory,
  approvalStory,
  beforeStory,
  broughtStory,
  commentOf,
  type EventLike,
  eventStory,
} from './story';
import classes from './story.module.css';
import type { Attempt, StoryTrace, TraceStepInfo } from './traceTypes';

function byWhom({ cause, op }: EventLike): string {
  if (cause?.startsWith('already:')) return 'review.catchUp.by';
  return op === 'manual' ? 'runDetail.pressedBy' : 'runDetail.changedBy';
}

type Props = {
  readonly opened: Opened;
  readonly trace: StoryTrace;
  readonly event: EventLike | null;
  readonly attempts: Readonly<Record<string, readonly Attempt[]>>;
  /** By condition: what would have sent it down its other branch. */
  readonly otherwise?: Readonly<Record<string, readonly FlipLike[]>>;
  readonly words: Words;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
};

function Details({ value }: { value: unknown }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <div>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        ml={-8}
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        {t(opened ? 'runDetail.hideDetails' : 'runDetail.showDetails')}
      </Button>
      <Collapse expanded={opened}>
        <Code block mt={4} className={classes.details ?? ''} tabIndex={0}>
          {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
        </Code>
      </Collapse>
    </div>
  );
}

function Failure({ step, attempts }: { step: TraceStepInfo; attempts: readonly Attempt[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const last = attempts.at(-1);
  // What was only tried in thought cannot be retried.
  const advice = step.error && last ? adviceOf(step.error.code) : null;
  const at = last?.started_at ? momentText(last.started_at, 'second', locale) : '';
  return (
    <>
      {step.error && <Text size="sm">{faultText(step.error, t)}</Text>}
      {step.error?.detail !== undefined && step.error.detail !== '' && (
        <Text size="sm" c="dimmed" lineClamp={3}>
          {step.error.detail}
        </Text>
      )}
      {advice !== null && (
        <Text size="sm" data-advice={advice}>
          {t(`runDetail.advice.${advice}`)}{' '}
          {advice === 'connection' && (
            <Anchor component={Link} to="/connections" inherit underline="always">
              {t('runDetail.advice.openConnections')}
            </Anchor>
          )}
        </Text>
      )}
      {attempts.length > 1 && (
        <Text size="sm" c="dimmed">
          {t('runDetail.tried', { count: attempts.length, time: at })}
        </Text>
      )}
      <Details
        value={{
          code: step.error?.code,
          detail: step.error?.detail,
          ...(step.error?.path ? { path: step.error.path } : {}),
          input: step.input,
          attempts,
        }}
      />
    </>
  );
}

function Body({
  node,
  step,
  attempts,
  words,
  event,
}: {
  node: RuleNode;
  step: TraceStepInfo;
  attempts: readonly Attempt[];
  words: Words;
  event: EventLike | null;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const say = (key: string, values?: Record<string, unknown>): string => t(key, values ?? {});
  const clock = (instant: string): string => momentText(instant, 'second', locale);
  const took =
    step.started_at && step.finished_at && node.kind === 'action'
      ? duration(Date.parse(step.finished_at) - Date.parse(step.started_at), locale)
      : '';
  const title = t(`builder.${titleKey(node)}`, { count: 1 });
  const passedOver = isPassedOver(step);
  const head = ((): string => {
    if (passedOver) return title;
    if (step.state === 'failed' && step.error?.code === 'outcome-unknown')
      return t([`runDetail.notKnown.${textAt(node, 'do')}`, 'runDetail.notKnown.other']);
    if (step.state === 'failed')
      return t(`runDetail.notDone.${textAt(node, 'do') || node.kind}`, { defaultValue: title });
    if (node.kind === 'trigger') return event ? eventStory(event, node, words, say) : title;
    if (node.kind === 'condition')
      return t('runDetail.ifWent', { branch: branchName(node, step.branch ?? 'no', t) });
    if (node.kind === 'choose')
      return t('ways.went', { way: branchName(node, step.branch ?? 'otherwise', t) });
    if (node.kind === 'wait') {
      if (step.state !== 'waiting' || !step.until)
        return t(
          step.branch === 'late'
            ? 'runDetail.notInTime'
            : step.state === 'succeeded' && awaitsSomething(node)
              ? 'runDetail.came'
              : 'runDetail.waited',
        );
      return awaitsSomething(node)
        ? t('runDetail.waitingFor', {
            time: untilTime(new Date(step.until), new Date(), locale),
            what: stepWords(node, words),
          })
        : t('runDetail.waitingUntil', { time: untilTime(new Date(step.until), new Date(), locale) });
    }
    if (node['do'] === 'ask_approval' && step.state !== 'running') {
      const told = approvalStory(step);
      if (told) return t(`approval.story.${told.key}`, told);
    }
    if (step.state === 'waiting' && step.until)
      return t('runDetail.triesAgain', { step: title, time: clock(step.until) });
    if (step.state === 'running') return t('runDetail.isRunning', { step: title });
    return node.kind === 'action' ? actionStory(node, step, words, say) : title;
  })();
  const notes = [
    node.kind === 'trigger' && step.started_at ? clock(step.started_at) : '',
    node.kind === 'trigger' && event?.actor && event.op !== 'webhook'
      ? t(byWhom(event), { who: actorText(event.actor, t) })
      : '',
    node.kind === 'action' && step.state === 'succeeded' ? beforeStory(step, words, say) : '',
    step.state === 'succeeded' ? took : '',
    node['do'] !== 'ask_approval' || commentOf(step) === ''
      ? ''
      : t('approval.said', { comment: commentOf(step) }),
    attempts.length > 1 && step.state === 'succeeded' ? t('runDetail.atTry', { count: attempts.length }) : '',
  ].filter((note) => note !== '');
  const brought = node.kind === 'trigger' && event ? broughtStory(event, node, words, say) : '';
  return (
    <>
      <Text
        fw={600}
        size="sm"
        className={classes.storyHead ?? ''}
        data-bad={step.state === 'failed' || undefined}
      >
        {head}
      </Text>
      {node.kind === 'condition' && !passedOver && (
        <SeenConditions logic={node['logic'] ?? null} seen={step.seen ?? []} words={words} tense="was" />
      )}
      {node.kind === 'choose' && !passedOver && (
        <SeenWays node={node} seen={step.seen ?? []} branch={step.branch ?? null} words={words} tense="was" />
      )}
      {isHandled(step) && <Text size="sm">{t('ways.failed.handled')}</Text>}
      {notes.length > 0 && (
        <Text size="xs" c="dimmed">
          {notes.join(' · ')}
        </Text>
      )}
      {brought !== '' && (
        <>
          <Text size="sm" data-brought>
            {brought}
          </Text>
          <Details value={event?.after} />
        </>
      )}
      {node.kind === 'trigger' && event?.cut_columns !== undefined && event.cut_columns.length > 0 && (
        <Text size="xs" c="dimmed" data-cut>
          {t('data.change.cut', {
            columns: words.list(
              event.cut_columns.map((column) => words.field(`after.${column}`)),
              'and',
            ),
          })}
        </Text>
      )}
      {passedOver && step.error && (
        <Text size="sm" c="dimmed">
          {faultText(step.error, t)}
        </Text>
      )}
      {step.error && !passedOver && <Failure step={step} attempts={attempts} />}
      {textAt(node, 'do') === 'make_report' && step.state === 'succeeded' && (
        <ReportLink output={step.output} />
      )}
      {isFind(textAt(node, 'do')) && step.state === 'succeeded' && !passedOver && (
        <FoundRecords input={step.input} output={step.output} words={words} />
      )}
      {node.kind === 'action' && step.state === 'succeeded' && (
        <Details value={{ input: step.input, output: step.output }} />
      )}
    </>
  );
}

const NO_FLIPS: Readonly<Record<string, readonly FlipLike[]>> = {};

export function TraceStory(props: Props) {
  const { opened, trace, event, attempts, otherwise = NO_FLIPS, words, selected, onSelect } = props;
  const { t } = useTranslation();
  const painting = paint(opened, trace);
  const nodes = nodesOf(opened);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const missed = nodes.filter((node) => painting.steps.get(node.id) === 'missed');
  return (
    <ol className={classes.story}>
      {trace.steps.map((step) => {
        const node = byId.get(step.node);
        if (!node) return null;
        return (
          <li
            key={step.node}
            data-state={step.state}
            data-story={step.node}
            data-selected={selected === step.node || undefined}
          >
            <button
              type="button"
              className={classes.storyDot}
              aria-label={t('runDetail.showOnCanvas')}
              onClick={() => onSelect(step.node)}
            />
            <Body node={node} step={step} attempts={attempts[step.node] ?? []} words={words} event={event} />
            {(node.kind === 'condition' || node.kind === 'choose') && step.state === 'succeeded' && (
              <OtherWay
                node={node}
                branch={step.branch ?? 'no'}
                flips={otherwise[step.node] ?? []}
                leading={leadingFrom(opened, step.node)}
                words={words}
              />
            )}
          </li>
        );
      })}
      {missed.map((node) => (
        <li key={node.id} data-state="missed">
          <span className={classes.storyDot} />
          <Text size="sm" c="dimmed">
            {t('runDetail.notReached', { step: t(`builder.${titleKey(node)}`, { count: 1 }) })}
          </Text>
        </li>
      ))}
    </ol>
  );
}
