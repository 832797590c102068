/** How many rules use a connection, and which. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUsingRules } from '../api/connections';
import type { Connection } from '../api/types';
import { RulesPopover } from '../ui/RulesPopover';

export function UsedBy({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const using = useUsingRules(connection.id, opened);
  const words = t('connections.used', { count: connection.used_by });
  if (connection.used_by === 0) return <>{words}</>;
  return (
    <RulesPopover opened={opened} onOpened={setOpened} rules={using.data?.items} error={using.error}>
      {words}
    </RulesPopover>
  );
}
