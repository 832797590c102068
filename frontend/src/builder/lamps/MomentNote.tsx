/** In the test: what is tried is a stored change, not the record as it is; a way back to now. */
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../../ui/locale';
import { fullTime } from '../../ui/time';
import { useBuilderStore } from '../store';
import type { Moment } from './sight';
import { lookAt } from './useMoments';

export function MomentNote({ moment }: { moment: Moment }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const store = useBuilderStore();
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap">
      <Text size="sm">{t('lamps.history.tried', { time: fullTime(new Date(moment.at), locale) })}</Text>
      <Button size="compact-sm" variant="default" flex="none" onClick={() => lookAt(store, null)}>
        {t('lamps.history.back')}
      </Button>
    </Group>
  );
}
