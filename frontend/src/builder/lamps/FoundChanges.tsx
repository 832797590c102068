/** In the list of records: those that matched lately, and those that nearly did, each at the change that did it. */
import { Combobox, Group, Loader, Text } from '@mantine/core';
import { IconClockSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { BacktestMatch } from '../../api/types';
import { RelativeTime } from '../../ui/RelativeTime';
import { recordName } from './choose';
import type { Found } from './useFoundChanges';

/** Values of the options that are no records. */
export const CHANGE = 'change:';
export const LOOK = 'look for changes';

function Changes({ label, matches }: { label: string; matches: readonly BacktestMatch[] }) {
  if (matches.length === 0) return null;
  return (
    <Combobox.Group label={label}>
      {matches.map((one) => (
        <Combobox.Option key={one.event_id} value={`${CHANGE}${one.event_id}`}>
          <Group gap="xs" justify="space-between" wrap="nowrap">
            <span className="ry-cut">
              {recordName({ record_key: one.record_key, label: one.record_label })}
            </span>
            <Text span size="xs" c="dimmed" flex="none">
              <RelativeTime at={one.at} />
            </Text>
          </Group>
        </Combobox.Option>
      ))}
    </Combobox.Group>
  );
}

export function FoundChanges({ found }: { found: Found }) {
  const { t } = useTranslation();
  if (found.state === 'off') return null;
  return (
    <>
      <Changes label={t('lamps.found.fired')} matches={found.fired} />
      <Changes label={t('lamps.found.near')} matches={found.near} />
      {(found.state !== 'done' || found.fired.length + found.near.length === 0) && (
        <Combobox.Option value={LOOK} disabled={found.state !== 'none'}>
          <Group gap={8} wrap="nowrap">
            {found.state === 'looking' ? <Loader size={14} /> : <IconClockSearch size={16} aria-hidden />}
            {t(`lamps.found.${found.state}`)}
          </Group>
        </Combobox.Option>
      )}
    </>
  );
}
