/** What one record of the rule's table is called inside a phrase: "lead". */
import { useTranslation } from 'react-i18next';
import { nounOf } from '../../canvas/words';
import { useRoom } from '../context';

export function useRecordNoun(): string {
  const { t } = useTranslation();
  const { subject, words } = useRoom();
  return subject.table === '' ? t('lamps.record') : nounOf(words.table(subject.table));
}
