/** Below a recipient: how many of the newest records have nobody there, and what then happens. */
import { Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useRecords } from '../api/builder';
import type { JSONValue } from '../model/json';
import { useLocale } from '../ui/locale';
import { useRoom } from './context';
import { unreachable } from './recipients';

export function EmptyRecipients({ to }: { to: JSONValue | undefined }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { subject, words } = useRoom();
  const records = useRecords(subject.connectionId, subject.table, '');
  const found = unreachable(
    to,
    (records.data?.items ?? []).map((one) => one.record),
  );
  if (found === null) return null;
  const fields = new Intl.ListFormat(locale, { type: 'conjunction' }).format(
    found.fields.map((field) => words.field(`after.${field}`)),
  );
  return (
    <Text size="sm" mt={6} data-empty-recipients style={{ display: 'flex', gap: 6, color: 'var(--ry-if)' }}>
      <IconAlertTriangle size={16} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
      <span>{t('recipients.empty', { count: found.count, empty: found.empty, fields })}</span>
    </Text>
  );
}
