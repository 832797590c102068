/** Search and categories; both live in the address. */
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TEMPLATE_CATEGORIES, type TemplateCategory } from '../api/types';
import { SearchField } from '../ui/SearchField';
import classes from './templates.module.css';

const route = getRouteApi('/shell/templates');

export function TemplateFilters() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();

  const find = (value: string) => {
    const { search: _, ...rest } = search;
    void navigate({ search: value === '' ? rest : { ...rest, search: value }, replace: true });
  };
  const choose = (category: TemplateCategory | undefined) => {
    const { category: _, ...rest } = search;
    void navigate({ search: category === undefined ? rest : { ...rest, category } });
  };

  return (
    <div className={classes.filters}>
      <SearchField w={260} label={t('templates.search')} value={search.search} onFind={find} />
      <fieldset
        className={classes.chips}
        aria-label={t('templates.show')}
        style={{ border: 0, margin: 0, padding: 0 }}
      >
        {[undefined, ...TEMPLATE_CATEGORIES].map((category) => (
          <button
            key={category ?? 'all'}
            type="button"
            className={classes.chip}
            aria-pressed={search.category === category}
            onClick={() => choose(category)}
          >
            {category === undefined ? t('templates.all') : t(`templates.category.${category}`)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
