import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAudit } from '../api/people';
import { actorText } from '../ui/actor';
import { More } from '../ui/More';
import cards from '../ui/phoneCards.module.css';
import { RelativeTime } from '../ui/RelativeTime';
import { LoadError, LoadingRows } from '../ui/States';
import { Subject } from './Audited';

/** Who did what, newest first; nobody can change it. */
export function AuditTab() {
  const { t } = useTranslation();
  const audit = useAudit();
  if (audit.data === undefined) {
    if (!audit.isError) return <LoadingRows />;
    return (
      <LoadError title={t('settings.audit.error')} error={audit.error} onRetry={() => void audit.refetch()} />
    );
  }
  const entries = audit.data.pages.flatMap((page) => page.items);
  if (entries.length === 0) return <Text c="dimmed">{t('settings.audit.empty')}</Text>;
  return (
    <>
      <Table className={cards.cards ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={150}>{t('settings.audit.column.at')}</Table.Th>
            <Table.Th w={240}>{t('settings.audit.column.actor')}</Table.Th>
            <Table.Th w={220}>{t('settings.audit.column.action')}</Table.Th>
            <Table.Th>{t('settings.audit.column.subject')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id}>
              <Table.Td>
                <RelativeTime at={entry.at} />
              </Table.Td>
              <Table.Td>{actorText(entry.actor, t)}</Table.Td>
              <Table.Td>
                {t(`audit.${entry.action.replaceAll(' ', '-')}`, { defaultValue: entry.action })}
              </Table.Td>
              <Table.Td>
                <Subject subject={entry.subject} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <More of={audit} />
    </>
  );
}
