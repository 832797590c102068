/** Search and categories; both live in the address. */
import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEMPLATE_CATEGORIES, type TemplateCategory } from '../api/types';
import classes from './templates.module.css';

const route = getRouteApi('/shell/templates');

export function TemplateFilters() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(search.search ?? '');
  useEffect(() => setTyped(search.search ?? ''), [search.search]);

  const find = useDebouncedCallback((value: string) => {
    const { search: _, ...rest } = search;
    void navigate({ search: value === '' ? rest : { ...rest, search: value }, replace: true });
  }, 200);
  const choose = (category: TemplateCategory | undefined) => {
    const { category: _, ...rest } = search;
    void navigate({ search: category === undefined ? rest : { ...rest, category } });
  };

  return (
    <div className={classes.filters}>
      <TextInput
        w={260}
        aria-label={t('templates.search')}
        placeholder={t('templates.search')}
        leftSection={<IconSearch size={16} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          find(event.currentTarget.value);
        }}
      />
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
