/** "2 new", beside a table or a tab. */
import { useTranslation } from 'react-i18next';
import { Pill } from '../ui/Pill';

export function NewCount({ count }: { count: number }) {
  const { t } = useTranslation();
  return count > 0 ? <Pill tone="good">{t('fields.count', { count })}</Pill> : null;
}
