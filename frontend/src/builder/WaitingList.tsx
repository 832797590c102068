/** The oldest runs that wait for their turn, each with its moment, and a decision for it alone. */
import { Anchor, Button, Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session';
import { type RunInTurn, useDecideWaiting, type WaitingChoice, type WaitingRuns } from '../api/waiting';
import { useLocale } from '../ui/locale';
import { useProblemText } from '../ui/States';
import { untilTime } from '../ui/time';
import { toastDone, toastError } from '../ui/toast';

export function WaitingList({ waiting }: { waiting: WaitingRuns }) {
  const { t } = useTranslation();
  const may = useMay('publisher');
  return (
    <Table.ScrollContainer minWidth={480} mah={320} mt="xs">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('timing.note.column.run')}</Table.Th>
            <Table.Th>{t('timing.note.column.record')}</Table.Th>
            <Table.Th>{t('timing.note.column.turn')}</Table.Th>
            <Table.Th>{t('timing.note.column.at')}</Table.Th>
            {may && <Table.Th>{t('timing.note.column.do')}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {waiting.items.map((run) => (
            <Row key={run.id} run={run} ruleId={waiting.rule_id} may={may} />
          ))}
        </Table.Tbody>
      </Table>
      {waiting.next !== null && (
        <Anchor
          component={Link}
          to={`/runs?rule=${waiting.rule_id}&state=waiting`}
          size="sm"
          underline="always"
        >
          {t('timing.note.all')}
        </Anchor>
      )}
    </Table.ScrollContainer>
  );
}

function Row({ run, ruleId, may }: { run: RunInTurn; ruleId: number; may: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const change = useDecideWaiting(ruleId);
  const words = useProblemText();
  const values = { run: run.id };
  const decide = (choice: WaitingChoice): void =>
    change.mutate(
      { choice, count: 1, runs: [run.id] },
      {
        onSuccess: () =>
          toastDone(t(choice === 'release' ? 'timing.note.doneRelease' : 'timing.note.doneCancel', values)),
        onError: (error) => toastError(words(error)),
      },
    );
  return (
    <Table.Tr data-waiting-run={run.id}>
      <Table.Td>
        <Anchor component={Link} to={`/runs/${run.id}`} size="sm" underline="always">
          {run.id}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Text size="sm" lineClamp={1}>
          {run.record_label || (run.record_table.startsWith('@') ? t('runs.noRecord') : `#${run.record_key}`)}
        </Text>
      </Table.Td>
      <Table.Td>{t(`timing.note.turn.${run.turn}`)}</Table.Td>
      <Table.Td>
        {run.at === null ? t('timing.note.unknown') : untilTime(new Date(run.at), new Date(), locale)}
      </Table.Td>
      {may && (
        <Table.Td>
          <Group gap="xs" wrap="nowrap">
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('timing.note.one.releaseOf', values)}
              disabled={change.isPending}
              onClick={() => decide('release')}
            >
              {t('timing.note.one.release')}
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('timing.note.one.cancelOf', values)}
              disabled={change.isPending}
              onClick={() => decide('cancel')}
            >
              {t('timing.note.one.cancel')}
            </Button>
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
