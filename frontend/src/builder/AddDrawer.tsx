/** Where the column of steps has no place, the steps to add come from below: pressed, or held and carried onto the drawing. */
import { Button, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './addDrawer.module.css';
import { Palette } from './Palette';
import { useBuilder } from './store';

export function AddDrawer() {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const mayAdd = useBuilder((state) => state.editing && state.history.present.kind === 'rule');
  const carrying = useBuilder((state) => state.drag !== null);
  if (!mayAdd) return null;
  // While a step is carried the drawer gives way, but stays: the finger began on it.
  const away = carrying ? { visibility: 'hidden' as const } : {};
  return (
    <>
      <Button
        className={classes.open ?? ''}
        size="md"
        radius="xl"
        leftSection={<IconPlus size={18} aria-hidden />}
        aria-haspopup="dialog"
        onClick={open}
      >
        {t('look.addStep')}
      </Button>
      <Drawer
        opened={opened}
        onClose={close}
        position="bottom"
        size="60dvh"
        padding="sm"
        title={t('builder.palette.title')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
        styles={{ content: away, overlay: away }}
      >
        <Palette inDrawer onTaken={close} />
      </Drawer>
    </>
  );
}
