import { SegmentedControl, Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RuleSort } from '../api/types';
import { RULE_FILTERS, RULE_SORTS } from '../routes/search';
import { SearchField } from '../ui/SearchField';
import { AboutChip } from './AboutChip';
import classes from './RuleFilters.module.css';

const route = getRouteApi('/shell/rules');
const ARCHIVED = 'archived';
/** What the list beside the chips offers; the heads of the columns know both directions. */
const CHOICES: readonly RuleSort[] = ['name', '-last_run', '-runs', '-failures'];

/** Search, chips and order; they live in the address. */
export function RuleFilters() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();

  const find = (value: string) => {
    const { search: _, ...rest } = search;
    void navigate({ search: value === '' ? rest : { ...rest, search: value }, replace: true });
  };
  const chips = [...RULE_FILTERS.map((value) => ({ value, label: t(`rules.filter.${value}`) }))];
  const chosen = search.archived === true ? ARCHIVED : (search.status ?? 'all');
  const choose = (value: string) => {
    const { status: _, archived: __, ...rest } = search;
    const status = RULE_FILTERS.find((one) => one === value);
    if (value === ARCHIVED) void navigate({ search: { ...rest, archived: true } });
    else void navigate({ search: status === undefined || status === 'all' ? rest : { ...rest, status } });
  };
  const order = (value: string | null) => {
    const { sort: _, ...rest } = search;
    const sort = RULE_SORTS.find((one) => one === value);
    void navigate({ search: sort === undefined || sort === 'name' ? rest : { ...rest, sort } });
  };

  const everyTable = () => {
    const { about: _, ...rest } = search;
    void navigate({ search: rest });
  };

  return (
    <div className={classes.filters}>
      <SearchField className={classes.search} label={t('rules.search')} value={search.search} onFind={find} />
      <SegmentedControl
        className={classes.chips}
        aria-label={t('rules.show')}
        value={chosen}
        onChange={choose}
        data={[...chips, { value: ARCHIVED, label: t('rules.archivedChip') }]}
      />
      {search.about !== undefined && <AboutChip about={search.about} onRemove={everyTable} />}
      <Select
        className={classes.order}
        aria-label={t('rules.sort.label')}
        value={CHOICES.find((one) => one === (search.sort ?? 'name')) ?? null}
        placeholder={t('ruleList.otherOrder')}
        onChange={order}
        data={CHOICES.map((value) => ({ value, label: t(`rules.sort.${value}`) }))}
      />
    </div>
  );
}
