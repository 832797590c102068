import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportItem } from '../api/types';
import { problemText } from '../i18n/problemText';
import { Pill, type Tone } from '../ui/Pill';
import classes from './ImportPreview.module.css';

const TONES: Record<ImportItem['action'], Tone> = { create: 'good', update: 'busy', same: 'still' };

/** What an import would do, rule by rule, with the problems that were found. */
export function ImportPreview({ items }: { items: ImportItem[] }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.list}>
      {items.map((item) => (
        <li key={item.name} className={classes.item}>
          <div className={classes.head}>
            <Text fw={600}>{item.name}</Text>
            <Pill tone={TONES[item.action]}>{t(`rules.import.action.${item.action}`)}</Pill>
          </div>
          {item.problems.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('rules.import.clean')}
            </Text>
          ) : (
            <>
              <Text size="sm" style={{ color: 'var(--ry-if)' }}>
                {t('rules.import.problems', { count: item.problems.length })}
              </Text>
              <ul className={classes.problems}>
                {item.problems.map((problem) => (
                  <li key={`${problem.path} ${problem.code} ${problem.message}`}>
                    {problemText(problem, t)}{' '}
                    {problem.path !== '' && (
                      <Text span size="xs" c="dimmed" ff="monospace">
                        {t('rules.import.at', { path: problem.path })}
                      </Text>
                    )}
                  </li>
                ))}
              </ul>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
