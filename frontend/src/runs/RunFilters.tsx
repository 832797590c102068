import { Button, Group, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRule } from '../api/rules';
import { RUN_STATES } from '../api/types';
import { RUN_PERIODS } from '../routes/search';
import { RulePicker } from '../ui/RulePicker';
import { SearchField } from '../ui/SearchField';
import { isFiltered, type RunsSearch } from './filter';

const route = getRouteApi('/shell/runs');
const ANY = '';

/** Rule, its version, result, period and record; they live in the address. */
export function RunFilters() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const versions = useRule(search.rule ?? null).data?.versions_count ?? 0;

  const put = <K extends keyof RunsSearch>(key: K, value: RunsSearch[K] | undefined) => {
    const rest = { ...search };
    delete rest[key];
    if (key === 'rule') delete rest.version;
    void navigate({ search: value === undefined ? rest : { ...rest, [key]: value }, replace: true });
  };

  return (
    <Group gap="sm" mb="md">
      <RulePicker
        hideLabel
        width={{ base: '100%', sm: 240 }}
        label={t('runs.filter.rule')}
        placeholder={t('runs.filter.anyRule')}
        value={search.rule ?? null}
        onChange={(rule) => put('rule', rule ?? undefined)}
      />
      {search.rule !== undefined && (versions > 1 || search.version !== undefined) && (
        <Select
          w={{ base: 'calc(50% - 6px)', sm: 140 }}
          aria-label={t('runs.filter.version')}
          value={search.version === undefined ? ANY : String(search.version)}
          onChange={(value) => put('version', value === null || value === ANY ? undefined : Number(value))}
          data={[
            { value: ANY, label: t('runs.filter.anyVersion') },
            ...Array.from({ length: Math.max(versions, search.version ?? 0) }, (_, older) => {
              const version = Math.max(versions, search.version ?? 0) - older;
              return { value: String(version), label: t('runs.filter.oneVersion', { version }) };
            }),
          ]}
        />
      )}
      <Select
        w={{ base: 'calc(50% - 6px)', sm: 160, lg: 190 }}
        aria-label={t('runs.filter.result')}
        value={search.state ?? ANY}
        onChange={(value) =>
          put(
            'state',
            value === 'unknown' || value === 'held' ? value : RUN_STATES.find((state) => state === value),
          )
        }
        data={[
          { value: ANY, label: t('runs.filter.anyResult') },
          ...RUN_STATES.map((state) => ({ value: state, label: t(`ui.runState.${state}`) })),
          { value: 'held', label: t('ui.runState.held') },
          { value: 'unknown', label: t('runs.filter.unknown') },
        ]}
      />
      <Select
        w={{ base: 'calc(50% - 6px)', sm: 160 }}
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
      <SearchField
        w={{ base: 'calc(50% - 6px)', sm: 160 }}
        label={t('runs.filter.record')}
        placeholder={t('runs.filter.recordPlaceholder')}
        leftSection={null}
        value={search.key}
        onFind={(key) => put('key', key === '' ? undefined : key)}
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
