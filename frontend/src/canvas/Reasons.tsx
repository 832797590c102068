/** Whether a rule ran for a change, and why not: sentences, then the comparisons that decided. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Words } from '../model/wording';
import { useLocale } from '../ui/locale';
import { Pill } from '../ui/Pill';
import { type Logics, type Reasoned, told } from './reasons';
import classes from './story.module.css';

type Props = { readonly found: Reasoned; readonly logics: Logics; readonly words: Words };

export function Reasons({ found, logics, words }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { sentences, needs } = told(found, logics, words, t, locale);
  return (
    <div className={classes.reasons}>
      <Pill tone={found.fired ? 'good' : 'still'}>{t(found.fired ? 'why.ran' : 'why.didNot')}</Pill>
      {sentences.map((sentence) => (
        <Text size="sm" key={sentence}>
          {sentence}
        </Text>
      ))}
      {needs.length > 0 && (
        <ul className={classes.needs}>
          {needs.map((need) => (
            <li key={need}>{need}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
