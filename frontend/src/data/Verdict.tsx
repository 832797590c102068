import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useExplanation, useRuleOf } from '../api/events';
import type { ChangeEvent } from '../api/types';
import { logicsOf, told } from '../canvas/reasons';
import { useSubject } from '../canvas/useTables';
import { useWords } from '../canvas/words';
import { nodesOf, open } from '../model/graph';
import { isObject } from '../model/json';
import { useLocale } from '../ui/locale';
import { Pill } from '../ui/Pill';
import { useProblemText } from '../ui/States';
import classes from './Data.module.css';

/** What one rule made of one change, in a pill and the first sentence that says why. */
export function Verdict({ ruleId, change }: { ruleId: number; change: ChangeEvent }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const problem = useProblemText();
  const found = useExplanation(ruleId, change.log, change.id);
  const document = useRuleOf(ruleId, found.data);
  const opened = useMemo(() => open(isObject(document) ? document : {}), [document]);
  const subject = useSubject(opened);
  const words = useWords(subject.tables);
  if (found.isError) {
    return (
      <Text size="sm" c="dimmed">
        {problem(found.error)}
      </Text>
    );
  }
  if (found.data === undefined || document === null) {
    return (
      <Text size="sm" c="dimmed">
        {t('ui.loading')}
      </Text>
    );
  }
  const { sentences, needs } = told(found.data, logicsOf(nodesOf(opened)), words, t, locale);
  return (
    <div className={classes.verdict} data-fired={found.data.fired}>
      <Pill tone={found.data.fired ? 'good' : 'still'}>{t(found.data.fired ? 'why.ran' : 'why.didNot')}</Pill>
      <Text size="sm" component="span">
        {[...sentences.slice(0, 1), ...needs].join(' ')}
      </Text>
    </div>
  );
}
