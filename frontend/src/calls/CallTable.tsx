/** Calls as rows: those that wait as they come, or those that are done, newest first. */
import { Button, Table, Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Call, type CallState, useReopenCall, useTakeCall } from '../api/calls';
import { actorText } from '../ui/actor';
import { useLocale } from '../ui/locale';
import { Pill } from '../ui/Pill';
import cards from '../ui/phoneCards.module.css';
import { RelativeTime } from '../ui/RelativeTime';
import { useProblemText } from '../ui/States';
import { clockTime, fullTime } from '../ui/time';
import { toastError } from '../ui/toast';
import { useNow } from '../ui/useNow';
import { Origin } from './Origin';

type Props = {
  readonly calls: readonly Call[];
  readonly state: CallState;
  readonly me: string;
  /** One has a call: another is not taken beside it. */
  readonly busy: boolean;
};

export function CallTable({ calls, state, me, busy }: Props) {
  const { t } = useTranslation();
  const words = useProblemText();
  const take = useTakeCall();
  const reopen = useReopenCall();
  const onError = (error: unknown): void => toastError(words(error));
  const done = state === 'done';
  return (
    <Table className={cards.cards}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('calls.column.who')}</Table.Th>
          <Table.Th w={90}>{t(done ? 'calls.column.how' : 'calls.column.priority')}</Table.Th>
          <Table.Th w={150}>{t(done ? 'calls.column.done' : 'calls.column.when')}</Table.Th>
          <Table.Th>{t('calls.column.rule')}</Table.Th>
          <Table.Th w={100}>
            <VisuallyHidden>{t('calls.column.act')}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {calls.map((call) => (
          <Table.Tr key={call.id} data-call={call.id}>
            <Table.Td>
              <Text size="sm" fw={600}>
                {call.name || call.phone}
              </Text>
              <Text size="xs" c="dimmed" lineClamp={2}>
                {[call.name && call.phone, done ? call.said : call.note].filter(Boolean).join(' · ')}
              </Text>
            </Table.Td>
            <Table.Td data-label={t(done ? 'calls.column.how' : 'calls.column.priority')}>
              {done ? (
                <Pill tone={call.outcome === 'reached' ? 'good' : 'still'}>
                  {t(`calls.outcome.${call.outcome ?? 'removed'}`)}
                </Pill>
              ) : (
                call.priority
              )}
            </Table.Td>
            <Table.Td>
              {done ? (
                <>
                  <RelativeTime at={call.done_at} /> · {actorText(call.done_by, t)}
                </>
              ) : (
                <When call={call} me={me} />
              )}
            </Table.Td>
            <Table.Td>
              <Origin call={call} />
            </Table.Td>
            <Table.Td data-act>
              {done ? (
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={reopen.isPending}
                  aria-label={t('calls.reopenCall', { who: call.name || call.phone })}
                  onClick={() => reopen.mutate(call.id, { onError })}
                >
                  {t('calls.reopen')}
                </Button>
              ) : (
                call.taken_by === null && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    disabled={busy || take.isPending}
                    aria-label={t('calls.takeCall', { who: call.name || call.phone })}
                    onClick={() => take.mutate(call.id, { onError })}
                  >
                    {t('calls.take')}
                  </Button>
                )
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Who has it; else since when, from when, or that it is too late. */
function When({ call, me }: { call: Call; me: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  if (call.taken_by !== null)
    return (
      <Pill tone="busy">
        {call.taken_by === me ? t('calls.mine') : t('calls.with', { who: call.taken_name })}
      </Pill>
    );
  if (call.until_at !== null && new Date(call.until_at) <= now)
    return <Pill tone="bad">{t('calls.tooLate')}</Pill>;
  const due = new Date(call.due_at);
  if (due <= now) return <Pill tone="good">{t('calls.dueNow')}</Pill>;
  return (
    <time dateTime={call.due_at} title={fullTime(due, locale)}>
      {t('calls.from', { time: clockTime(due, now, locale) })}
    </time>
  );
}
