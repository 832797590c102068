/** How many rules go by a calendar, and which. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeepingRules } from '../../api/calendars';
import type { Calendar } from '../../api/types';
import { RulesPopover } from '../../ui/RulesPopover';

export function UsedByRules({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const using = useKeepingRules(calendar.id, opened);
  if (calendar.used_by === 0) return <span>{t('calendars.unused')}</span>;
  return (
    <RulesPopover opened={opened} onOpened={setOpened} rules={using.data?.items} error={using.error}>
      {t('calendars.used', { count: calendar.used_by })}
    </RulesPopover>
  );
}
