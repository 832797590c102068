/** The region whose dates and numbers are shown: the browser's own form of the chosen language, if it has one. */
import { useTranslation } from 'react-i18next';

export function localeOf(language: string, wanted: readonly string[]): string {
  return wanted.find((one) => one.split('-')[0] === language) ?? language;
}

export function useLocale(): string {
  const { i18n } = useTranslation();
  return localeOf(i18n.language, navigator.languages);
}
