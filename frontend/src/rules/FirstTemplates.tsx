/** Three templates to begin with, where there is no rule yet. */
import { Anchor } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTemplates } from '../api/templates';
import { TemplateCards } from '../canvas/TemplateCards';
import { useLanguage } from '../i18n/useLanguage';

const FIRST = ['new-lead-greeting', 'missed-callbacks', 'deal-won'];

export function FirstTemplates() {
  const { t } = useTranslation();
  const router = useRouter();
  const found = useTemplates(useLanguage()).data?.items;
  const templates = useMemo(() => (found ?? []).filter(({ id }) => FIRST.includes(id)), [found]);
  const shown = useMemo(() => new Set(FIRST), []);
  if (templates.length === 0) return null;
  return (
    <section aria-label={t('templates.start')}>
      <TemplateCards
        templates={templates}
        shown={shown}
        onUse={(use) => void router.navigate({ to: '/templates', search: { use } })}
      />
      <Anchor component={Link} to="/templates" size="sm" underline="always" mt="md" display="inline-block">
        {t('templates.others')}
      </Anchor>
    </section>
  );
}
