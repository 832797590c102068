/** Over an open rule whose table changed under it: what no longer fits. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../api/types';
import { problemText } from '../i18n/problemText';
import { Attention } from '../ui/Attention';
import classes from './builder.module.css';

export function DriftNote({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const drift = rule.drift ?? [];
  if (drift.length === 0) return null;
  return (
    <div className={classes.drift} data-drift>
      <Attention title={t('drift.title', { rule: rule.name })}>
        {drift.map((problem) => (
          <Text size="sm" key={`${problem.code} ${problem.path}`}>
            {problemText(problem, t)}
          </Text>
        ))}
        <Text size="sm" c="dimmed">
          {t('drift.builder')}
        </Text>
      </Attention>
    </div>
  );
}
