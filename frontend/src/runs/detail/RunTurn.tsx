/** What a run waits for before it begins, and what it took along: newer changes of its record, a list of changes. */
import { Anchor, List, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../api/types';
import { useLocale } from '../../ui/locale';

export default function RunTurn({ run }: { run: Run }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const listed = run.listed ?? [];
  const leads = run.state !== 'skipped' && listed.length > 0;
  return (
    <div data-run-turn>
      {run.turn !== null && (
        <Text size="sm" mb="md">
          {t(`timing.run.waits.${run.turn}`)}
        </Text>
      )}
      {(run.merges ?? 0) > 0 && (
        <Text size="sm" mb="md">
          {t('timing.run.merges', { count: run.merges ?? 0 })}
        </Text>
      )}
      {leads && (
        <details open={listed.length <= 10} style={{ marginBottom: 16 }}>
          <summary>
            <Text size="sm" span>
              {t('timing.run.list', { count: listed.length })}
            </Text>
          </summary>
          <List size="sm" mt={6} data-listed>
            {listed.map((one) => (
              <List.Item key={one.run_id}>
                <Anchor component={Link} to={`/runs/${one.run_id}`} size="sm" underline="always">
                  {one.record_label || one.record_key}
                </Anchor>{' '}
                <Text size="xs" c="dimmed" span>
                  {new Date(one.at).toLocaleString(locale, { dateStyle: 'short', timeStyle: 'medium' })}
                </Text>
              </List.Item>
            ))}
          </List>
        </details>
      )}
    </div>
  );
}
