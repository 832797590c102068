/** Ready-made rules: found by category or words, each with the sentence that it would be on the tables at hand. */
import { IconTemplate } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session';
import { useTemplates } from '../api/templates';
import type { Template } from '../api/types';
import { TemplateCards } from '../canvas/TemplateCards';
import { useLanguage } from '../i18n/useLanguage';
import { hasWords } from '../ui/fold';
import { PageHeader } from '../ui/PageHeader';
import { Empty, LoadError, LoadingRows, NoResult } from '../ui/States';
import { TemplateFilters } from './TemplateFilters';
import { UseTemplate } from './UseTemplate';

const route = getRouteApi('/shell/templates');
const NONE: readonly Template[] = [];

function says(template: Template, wanted: string): boolean {
  return hasWords(`${template.name} ${template.description}`, wanted);
}

export default function TemplatesPage() {
  const { t } = useTranslation();
  const language = useLanguage();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayEdit = useMay('editor');
  const templates = useTemplates(language);
  const all = templates.data?.items ?? NONE;
  const shown = useMemo(() => {
    const fits = (template: Template) =>
      (search.category === undefined || template.category === search.category) &&
      (search.search === undefined || says(template, search.search));
    return new Set(all.filter(fits).map(({ id }) => id));
  }, [all, search.category, search.search]);
  const used = all.find(({ id }) => id === search.use);
  const use = (id: string) => void navigate({ search: { ...search, use: id } });
  const leave = () => {
    const { use: _, ...rest } = search;
    void navigate({ search: rest });
  };

  function body() {
    if (templates.data === undefined) {
      if (!templates.isError) return <LoadingRows rows={3} height={190} />;
      return (
        <LoadError
          title={t('templates.error')}
          error={templates.error}
          onRetry={() => void templates.refetch()}
        />
      );
    }
    if (all.length === 0) return <Empty icon={<IconTemplate size={24} />} title={t('templates.none')} />;
    if (shown.size === 0) {
      return (
        <NoResult
          title={t('templates.noResult')}
          clear={t('templates.clear')}
          onClear={() => void navigate({ search: {} })}
        />
      );
    }
    return <TemplateCards templates={all} shown={shown} onUse={mayEdit ? use : undefined} />;
  }

  return (
    <>
      <PageHeader title={t('templates.title')} subtitle={t('templates.subtitle')} />
      <TemplateFilters />
      {body()}
      {mayEdit && used !== undefined && <UseTemplate key={used.id} template={used} onClose={leave} />}
    </>
  );
}
