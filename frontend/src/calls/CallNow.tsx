/** The call that is one's own: whom, why, and how it ended. Every outcome has a key. */
import { Anchor, Button, Group, Kbd, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Call, type CallEnded, useEndCall, useReleaseCall } from '../api/calls';
import { Card } from '../ui/Card';
import { RelativeTime } from '../ui/RelativeTime';
import { useProblemText } from '../ui/States';
import { toastError } from '../ui/toast';
import { inHours, localInput, nextMorning } from './moments';
import { Origin } from './Origin';
import { onPage } from './onPage';

const OUTCOMES = ['reached', 'not_reached', 'do_not_call'] as const;
const KEYS = { reached: '1', not_reached: '2', call_again: '3', do_not_call: '4' } as const;
const LONGEST = 4_000;

export function CallNow({ call, onEnded }: { call: Call; onEnded: (call: Call) => void }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const end = useEndCall();
  const release = useReleaseCall();
  const [said, setSaid] = useState(call.said);
  const [again, setAgain] = useState<string | null>(null);
  const busy = end.isPending || release.isPending;

  const tell = (body: Omit<CallEnded, 'said'>): void => {
    if (busy) return;
    end.mutate(
      { id: call.id, body: { ...body, said } },
      { onSuccess: onEnded, onError: (error) => toastError(words(error)) },
    );
  };
  const later = (at: Date): void => tell({ outcome: 'call_again', again_at: at.toISOString() });
  const asking = useRef<HTMLButtonElement>(null);
  const ask = (): void => setAgain((typed) => typed ?? localInput(inHours(new Date(), 3)));
  const leave = (): void => {
    setAgain(null);
    asking.current?.focus();
  };
  useHotkeys([
    [KEYS.reached, onPage(() => tell({ outcome: 'reached' }))],
    [KEYS.not_reached, onPage(() => tell({ outcome: 'not_reached' }))],
    [KEYS.call_again, onPage(ask)],
    [KEYS.do_not_call, onPage(() => tell({ outcome: 'do_not_call' }))],
  ]);

  return (
    <Card>
      <Stack gap="sm" data-call-now={call.id}>
        <div style={{ overflowWrap: 'anywhere' }}>
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <Text fw={700} size="lg">
              {call.name || t('calls.noName')}
            </Text>
            <Button
              size="compact-md"
              variant="default"
              flex="none"
              disabled={busy}
              onClick={() => release.mutate(call.id, { onError: (error) => toastError(words(error)) })}
            >
              {t('calls.release')}
            </Button>
          </Group>
          <Anchor href={`tel:${call.phone}`} size="xl" fw={700} underline="always">
            {call.phone}
          </Anchor>
          <Text size="sm" c="dimmed" component="div">
            <Origin call={call} /> · <RelativeTime at={call.queued_at} />
            {call.tries > 0 && ` · ${t('calls.tries', { count: call.tries })}`}
          </Text>
        </div>
        {call.note !== '' && (
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {call.note}
          </Text>
        )}
        <Textarea
          label={t('calls.said')}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={LONGEST}
          value={said}
          onChange={(event) => setSaid(event.currentTarget.value)}
        />
        <Group gap="xs" role="group" aria-label={t('calls.how')}>
          {OUTCOMES.slice(0, 2).map((outcome) => (
            <Outcome
              key={outcome}
              outcome={outcome}
              first={outcome === 'reached'}
              disabled={busy}
              onTell={() => tell({ outcome })}
            />
          ))}
          <Outcome
            outcome="call_again"
            disabled={busy}
            expanded={again !== null}
            button={asking}
            onTell={ask}
          />
          <Outcome outcome="do_not_call" disabled={busy} onTell={() => tell({ outcome: 'do_not_call' })} />
        </Group>
        {again !== null && (
          <Group gap="xs" align="flex-end">
            <TextInput
              type="datetime-local"
              label={t('calls.againAt')}
              data-autofocus
              autoFocus
              value={again}
              min={localInput(new Date())}
              onChange={(event) => setAgain(event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Escape' && leave()}
            />
            <Button disabled={busy || again === ''} onClick={() => later(new Date(again))}>
              {t('calls.callAgain')}
            </Button>
            <Button variant="default" disabled={busy} onClick={() => later(inHours(new Date(), 1))}>
              {t('calls.inAnHour')}
            </Button>
            <Button variant="default" disabled={busy} onClick={() => later(nextMorning(new Date()))}>
              {t('calls.tomorrow')}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

type OutcomeProps = {
  readonly outcome: keyof typeof KEYS;
  readonly first?: boolean;
  readonly disabled: boolean;
  readonly expanded?: boolean;
  readonly button?: RefObject<HTMLButtonElement | null>;
  readonly onTell: () => void;
};

function Outcome({ outcome, first = false, disabled, expanded, button, onTell }: OutcomeProps) {
  const { t } = useTranslation();
  return (
    <Button
      {...(button === undefined ? {} : { ref: button })}
      variant={first ? 'filled' : 'default'}
      disabled={disabled}
      aria-keyshortcuts={KEYS[outcome]}
      {...(expanded === undefined ? {} : { 'aria-expanded': expanded })}
      rightSection={<Kbd size="xs">{KEYS[outcome]}</Kbd>}
      onClick={onTell}
    >
      {t(`calls.say.${outcome}`)}
    </Button>
  );
}
