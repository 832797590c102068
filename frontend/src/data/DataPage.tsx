import { Button, Select, TextInput } from '@mantine/core';
import { IconDatabase, IconSearch } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnections, useTables } from '../api/connections';
import { hasWords } from '../ui/fold';
import { PageHeader } from '../ui/PageHeader';
import { Empty, LoadError, LoadingRows, NoResult } from '../ui/States';
import { LogHealth } from './LogHealth';
import { TableList } from './TableList';
import { TablePanel } from './TablePanel';

const route = getRouteApi('/shell/data');

/** The tables of a database, or one of them when the address names it. */
export default function DataPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const connections = useConnections();
  const databases = connections.data?.items.filter((one) => one.kind === 'postgres') ?? [];
  const chosen = databases.find((one) => one.id === search.connection) ?? databases[0];

  if (connections.isError) {
    return (
      <LoadError
        title={t('data.error')}
        error={connections.error}
        onRetry={() => void connections.refetch()}
      />
    );
  }
  if (connections.data === undefined) return <LoadingRows />;
  if (chosen === undefined) {
    return (
      <>
        <PageHeader title={t('data.title')} />
        <Empty
          icon={<IconDatabase size={24} />}
          title={t('data.noDatabase.title')}
          actions={
            <Button component={Link} to="/connections">
              {t('data.noDatabase.action')}
            </Button>
          }
        >
          {t('data.noDatabase.body')}
        </Empty>
      </>
    );
  }
  if (search.table !== undefined) return <TablePanel connection={chosen} table={search.table} />;

  const pick = databases.length > 1 && (
    <Select
      aria-label={t('data.database')}
      value={String(chosen.id)}
      onChange={(value) => void navigate({ search: { connection: Number(value) } })}
      data={databases.map((one) => ({
        value: String(one.id),
        label: one.label === '' ? one.name : one.label,
      }))}
    />
  );
  return (
    <>
      <PageHeader title={t('data.title')} subtitle={t('data.subtitle')} actions={pick} />
      <LogHealth connectionId={chosen.id} />
      <Tables key={chosen.id} connectionId={chosen.id} />
    </>
  );
}

function Tables({ connectionId }: { connectionId: number }) {
  const { t } = useTranslation();
  const tables = useTables(connectionId);
  const [typed, setTyped] = useState('');
  if (tables.data === undefined) {
    if (!tables.isError) return <LoadingRows />;
    return <LoadError title={t('data.error')} error={tables.error} onRetry={() => void tables.refetch()} />;
  }
  const { items } = tables.data;
  if (items.length === 0) {
    return (
      <Empty icon={<IconDatabase size={24} />} title={t('data.empty.title')}>
        {t('data.empty.body')}
      </Empty>
    );
  }
  const found = items.filter((table) => hasWords(`${table.label} ${table.name}`, typed));
  return (
    <>
      <TextInput
        w={260}
        mb="sm"
        aria-label={t('data.search')}
        placeholder={t('data.search')}
        leftSection={<IconSearch size={16} />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {found.length === 0 ? (
        <NoResult
          title={t('data.noResult', { search: typed })}
          clear={t('data.clear')}
          onClear={() => setTyped('')}
        />
      ) : (
        <TableList connectionId={connectionId} tables={found} />
      )}
    </>
  );
}
