/** The list shows only rules that start from one table: says which, and goes back to all of them. */
import { ActionIcon, Group, Text } from '@mantine/core';
import { IconTable, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { tableName } from '../model/names';
import classes from './RuleFilters.module.css';

interface Props {
  /** `connection schema.table` */
  about: string;
  onRemove: () => void;
}

export function AboutChip({ about, onRemove }: Props) {
  const { t } = useTranslation();
  const table = tableName(about.slice(about.indexOf(' ') + 1));
  return (
    <Group className={classes.about ?? ''} gap={6} wrap="nowrap" title={about} data-about={about}>
      <IconTable size={15} aria-hidden />
      <Text span size="sm" truncate>
        {t('ruleList.about', { table })}
      </Text>
      <ActionIcon
        size={24}
        variant="subtle"
        color="gray"
        aria-label={t('ruleList.aboutRemove', { table })}
        onClick={onRemove}
      >
        <IconX size={14} />
      </ActionIcon>
    </Group>
  );
}
