import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../ui/locale';
import { valueText } from './value';

export function useValue(): (value: unknown) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  return useCallback(
    (value) => {
      const words = { yes: t('data.value.yes'), no: t('data.value.no'), empty: t('data.value.empty') };
      return valueText(value, words, locale);
    },
    [t, locale],
  );
}
