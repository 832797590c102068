/** In a test: which rules a step would start. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function WouldStart({ kind, names }: { kind: string; names: readonly string[] }) {
  const { t } = useTranslation();
  if (kind !== 'emit_event' && kind !== 'run_rule') return null;
  return (
    <Text size="sm">
      {names.length === 0
        ? t('starting.wouldNone')
        : t('starting.would', { count: names.length, names: names.join(', ') })}
    </Text>
  );
}
