import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRuleNames } from '../api/rules';
import { RUN_STATES } from '../api/types';
import { RUN_PERIODS } from '../routes/search';
import { isFiltered, type RunsSearch } from './filter';

const route = getRouteApi('/shell/runs');
const ANY = '';

/** Rule, result, period and record; they live in the address. */
export function RunFilters() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const names = useRuleNames();
  const [record, setRecord] = useState(search.key ?? '');
  useEffect(() => setRecord(search.key ?? ''), [search.key]);

  const put = <K extends keyof RunsSearch>(key: K, value: RunsSearch[K] | undefined) => {
    const rest = { ...search };
    delete rest[key];
    void navigate({ search: value === undefined ? rest : { ...rest, [key]: value }, replace: true });
  };
  const find = useDebouncedCallback((value: string) => put('key', value === '' ? undefined : value), 300);

  return (
    <Group gap="sm" mb="md">
      <Select
        w={240}
        searchable
        aria-label={t('runs.filter.rule')}
        value={search.rule === undefined ? ANY : String(search.rule)}
        onChange={(value) => put('rule', value === null || value === ANY ? undefined : Number(value))}
        data={[
          { value: ANY, label: t('runs.filter.anyRule') },
          ...(names.data ?? []).map((rule) => ({ value: String(rule.id), label: rule.name })),
        ]}
      />
      <Select
        w={160}
        aria-label={t('runs.filter.result')}
        value={search.state ?? ANY}
        onChange={(value) =>
          put(
            'state',
            RUN_STATES.find((state) => state === value),
          )
        }
        data={[
          { value: ANY, label: t('runs.filter.anyResult') },
          ...RUN_STATES.map((state) => ({ value: state, label: t(`ui.runState.${state}`) })),
        ]}
      />
      <Select
        w={160}
        aria-label={t('runs.filter.period')}
        value={search.period ?? ANY}
        onChange={(value) =>
          put(
            'period',
            RUN_PERIODS.find((period) => period === value),
          )
        }
        data={[
          { value: ANY, label: t('runs.filter.anyPeriod') },
          ...RUN_PERIODS.map((period) => ({ value: period, label: t(`runs.period.${period}`) })),
        ]}
      />
      <TextInput
        w={160}
        aria-label={t('runs.filter.record')}
        placeholder={t('runs.filter.recordPlaceholder')}
        value={record}
        onChange={(event) => {
          setRecord(event.currentTarget.value);
          find(event.currentTarget.value.trim());
        }}
      />
      {search.table !== undefined && (
        <Button variant="default" rightSection={<IconX size={14} />} onClick={() => put('table', undefined)}>
          {t('runs.filter.table', { table: search.table })}
        </Button>
      )}
      {isFiltered(search) && (
        <Button variant="subtle" onClick={() => void navigate({ search: {} })}>
          {t('runs.filter.clear')}
        </Button>
      )}
    </Group>
  );
}
