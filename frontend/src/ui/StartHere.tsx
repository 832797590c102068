/** Where a list is empty because no rule has done anything: the ways to make one do something. */
import { Button } from '@mantine/core';
import { IconBolt, IconMap2, IconTemplate } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session';
import { useAids } from './aids';

export function StartHere() {
  const { t } = useTranslation();
  const mayEdit = useMay('editor');
  const { tour } = useAids();
  return (
    <>
      <Button component={Link} to="/rules" leftSection={<IconBolt size={17} aria-hidden />}>
        {t('ui.notFound.home')}
      </Button>
      {mayEdit && (
        <Button
          component={Link}
          to="/templates"
          variant="default"
          leftSection={<IconTemplate size={17} aria-hidden />}
        >
          {t('templates.start')}
        </Button>
      )}
      {tour !== null && (
        <Button variant="default" leftSection={<IconMap2 size={17} aria-hidden />} onClick={tour}>
          {t('help.tour')}
        </Button>
      )}
    </>
  );
}
