import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { valueText } from './value';

export function useValue(): (value: unknown) => string {
  const { t } = useTranslation();
  return useCallback(
    (value) =>
      valueText(value, { yes: t('data.value.yes'), no: t('data.value.no'), empty: t('data.value.empty') }),
    [t],
  );
}
