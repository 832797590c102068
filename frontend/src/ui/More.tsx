import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Under a paged list: brings its next page. */
export function More({ busy, onMore }: { busy: boolean; onMore: () => void }) {
  const { t } = useTranslation();
  return (
    <Group justify="center" mt="md">
      <Button variant="default" loading={busy} onClick={onMore}>
        {t('ui.more')}
      </Button>
    </Group>
  );
}
