/** "New rule": empty at once, or by the menu beside it from a template or from JSON. */
import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { IconChevronDown, IconPlus, IconTemplate, IconUpload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './NewRule.module.css';

interface Props {
  busy: boolean;
  onEmpty: () => void;
  onImport: () => void;
}

export function NewRule({ busy, onEmpty, onImport }: Props) {
  const { t } = useTranslation();
  return (
    <Group gap={1} wrap="nowrap">
      <Button
        data-tour="new-rule"
        className={classes.main}
        leftSection={<IconPlus size={17} />}
        loading={busy}
        onClick={onEmpty}
      >
        {t('rules.new')}
      </Button>
      <Menu position="bottom-end" width={240} withinPortal>
        <Menu.Target>
          <ActionIcon
            className={classes.more}
            variant="filled"
            color="violet"
            size={36}
            aria-label={t('templates.more')}
          >
            <IconChevronDown size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to="/templates" leftSection={<IconTemplate size={16} />}>
            {t('templates.start')}
          </Menu.Item>
          <Menu.Item leftSection={<IconPlus size={16} />} onClick={onEmpty}>
            {t('templates.startEmpty')}
          </Menu.Item>
          <Menu.Item leftSection={<IconUpload size={16} />} onClick={onImport}>
            {t('rules.import.button')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
