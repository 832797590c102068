import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}

/** Under a paged list: brings its next page, while there is one. */
export function More({ of: list }: Props) {
  const { t } = useTranslation();
  if (!list.hasNextPage) return null;
  return (
    <Group justify="center" py="md">
      <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {t('ui.more')}
      </Button>
    </Group>
  );
}
