/** What one record of the rule's table is called inside a phrase: "lead"; "record" where a language would bend the name. */
import { useTranslation } from 'react-i18next';
import { nounOf } from '../../canvas/words';
import { useRoom } from '../context';

export function useRecordNoun(): string {
  const { t, i18n } = useTranslation();
  const { subject, words } = useRoom();
  const named = subject.table !== '' && i18n.language.startsWith('en');
  return named ? nounOf(words.table(subject.table)) : t('lamps.record');
}
