/** In the list of records: those that the rule ran for lately, each as its run saw it. */
import { Combobox, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../api/types';
import { RelativeTime } from '../../ui/RelativeTime';
import { recordName } from './choose';

/** Before the number of the run, in the value of an option. */
export const RUN = 'run:';

export function RecentRuns({ runs }: { runs: readonly RunSummary[] }) {
  const { t } = useTranslation();
  if (runs.length === 0) return null;
  return (
    <Combobox.Group label={t('lamps.found.ran')}>
      {runs.map((one) => (
        <Combobox.Option key={one.id} value={`${RUN}${one.id}`}>
          <Group gap="xs" justify="space-between" wrap="nowrap">
            <span className="ry-cut">
              {recordName({ record_key: one.record_key, label: one.record_label })}
            </span>
            <Text span size="xs" c="dimmed" flex="none">
              <RelativeTime at={one.created_at} />
            </Text>
          </Group>
        </Combobox.Option>
      ))}
    </Combobox.Group>
  );
}
