import { Text, Title } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, LANGUAGES, showLanguage } from '../i18n';
import { useLanguage } from '../i18n/useLanguage';
import { useDocumentName } from '../ui/useDocumentName';
import classes from './Gate.module.css';

interface Props {
  title: string;
  body?: string;
  children?: ReactNode;
}

/** Whoever cannot read the page yet finds their language beneath it, in its own words. */
function Languages() {
  const { t } = useTranslation();
  const shown = useLanguage();
  return (
    <nav className={classes.languages} aria-label={t('ui.account.language')}>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          className={classes.language}
          aria-current={language === shown || undefined}
          onClick={() => void showLanguage(language)}
        >
          {LANGUAGE_NAMES[language]}
        </button>
      ))}
    </nav>
  );
}

/** The page before the product: one card in the middle, and the languages beneath it. */
export function Gate({ title, body, children }: Props) {
  const { t } = useTranslation();
  useDocumentName(title);
  return (
    <main className={classes.gate}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <span className={classes.mark} aria-hidden="true">
            <IconBolt size={22} stroke={2.2} />
          </span>
          <span>Ruleyard</span>
        </div>
        <Title order={1} size="h2" fz={24}>
          {title}
        </Title>
        <Text c="dimmed" size="sm" mt={4} mb="lg">
          {body ?? t('session.tagline')}
        </Text>
        {children}
      </div>
      <Languages />
    </main>
  );
}
