import { ActionIcon, Group, Text } from '@mantine/core';
import { IconHelpCircle, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useRule } from '../api/rules';
import classes from './Data.module.css';

interface Props {
  ruleId: number;
  /** Is a record chosen already? */
  record: boolean;
  onStop: () => void;
}

/** Says which rule is asked about while somebody looks for the change that it did not run for. */
export function Asking({ ruleId, record, onStop }: Props) {
  const { t } = useTranslation();
  const rule = useRule(ruleId);
  if (rule.data === undefined) return null;
  return (
    <section className={classes.asking} aria-label={t('why.asking.title', { rule: rule.data.name })}>
      <IconHelpCircle size={20} aria-hidden />
      <div className={classes.grow}>
        <Text size="sm" fw={600}>
          {t('why.asking.title', { rule: rule.data.name })}
        </Text>
        <Text size="sm" c="dimmed">
          {t(record ? 'why.asking.change' : 'why.asking.find')}
        </Text>
      </div>
      <Group>
        <ActionIcon aria-label={t('why.asking.stop')} onClick={onStop}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
    </section>
  );
}
