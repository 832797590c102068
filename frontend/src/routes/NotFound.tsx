import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../ui/States';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<IconMapOff size={24} />}
      title={t('ui.notFound.title')}
      actions={
        <Button component={Link} to="/rules">
          {t('ui.notFound.home')}
        </Button>
      }
    >
      {t('ui.notFound.body')}
    </Empty>
  );
}
