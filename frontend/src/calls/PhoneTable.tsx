/** Phones that must not be called, newest first; one that is let go can be put back as it was. */
import { Button, Table, Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type DoNotCall, useAllowPhone, useForbidPhone } from '../api/doNotCall';
import { actorText } from '../ui/actor';
import cards from '../ui/phoneCards.module.css';
import { RelativeTime } from '../ui/RelativeTime';
import { useProblemText } from '../ui/States';
import { toastDone, toastError, toastUndo } from '../ui/toast';

export function PhoneTable({ phones, may }: { phones: readonly DoNotCall[]; may: boolean }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const allow = useAllowPhone();
  const forbid = useForbidPhone();
  const onError = (error: unknown): void => toastError(words(error));
  const putBack = (one: DoNotCall): void =>
    forbid.mutate(one, {
      onSuccess: () => toastDone(t('calls.not.listedAgain', { who: one.name || one.phone })),
      onError,
    });
  const letGo = (one: DoNotCall): void =>
    allow.mutate(one.phone, {
      onSuccess: () =>
        toastUndo(t('calls.not.allowed', { who: one.name || one.phone }), t('calls.undo'), () =>
          putBack(one),
        ),
      onError,
    });
  return (
    <Table className={cards.cards}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('calls.column.who')}</Table.Th>
          <Table.Th>{t('calls.not.column.why')}</Table.Th>
          <Table.Th w={220}>{t('calls.not.column.since')}</Table.Th>
          {may && (
            <Table.Th w={170}>
              <VisuallyHidden>{t('calls.column.act')}</VisuallyHidden>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {phones.map((one) => (
          <Table.Tr key={one.phone} data-phone={one.phone}>
            <Table.Td>
              <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                {one.name || one.phone}
              </Text>
              {one.name !== '' && (
                <Text size="xs" c="dimmed">
                  {one.phone}
                </Text>
              )}
            </Table.Td>
            <Table.Td {...(one.said === '' ? { 'data-nothing': true } : {})}>
              <Text
                size="sm"
                {...(one.said === '' ? { c: 'dimmed' } : {})}
                style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
                lineClamp={3}
              >
                {one.said || '—'}
              </Text>
            </Table.Td>
            <Table.Td>
              <RelativeTime at={one.at} /> · {actorText(one.by, t)}
            </Table.Td>
            {may && (
              <Table.Td data-act>
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={allow.isPending}
                  aria-label={t('calls.not.allowWho', { who: one.name || one.phone })}
                  onClick={() => letGo(one)}
                >
                  {t('calls.not.allow')}
                </Button>
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
