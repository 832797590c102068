import { Button, SimpleGrid } from '@mantine/core';
import { IconPlug, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import { useAway } from '../api/runs';
import { useMay } from '../api/session';
import type { Connection } from '../api/types';
import { PageHeader } from '../ui/PageHeader';
import { Empty, LoadError, LoadingRows } from '../ui/States';
import { Away } from './Away';
import { awayOf } from './away';
import { ConnectionCard } from './ConnectionCard';
import { ConnectionForm } from './ConnectionForm';

type Editing = { kind: 'none' } | { kind: 'new' } | { kind: 'one'; connection: Connection };

export default function ConnectionsPage() {
  const { t } = useTranslation();
  const connections = useConnections();
  const away = useAway();
  const admin = useMay('admin');
  const [editing, setEditing] = useState<Editing>({ kind: 'none' });
  const close = () => setEditing({ kind: 'none' });
  const add = admin && (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setEditing({ kind: 'new' })}>
      {t('connections.add')}
    </Button>
  );

  function body() {
    if (connections.data === undefined) {
      if (!connections.isError) return <LoadingRows rows={3} height={120} />;
      return (
        <LoadError
          title={t('connections.error')}
          error={connections.error}
          onRetry={() => void connections.refetch()}
        />
      );
    }
    if (connections.data.items.length === 0) {
      return (
        <Empty icon={<IconPlug size={24} />} title={t('connections.empty.title')} actions={add}>
          {t('connections.empty.body')}
        </Empty>
      );
    }
    return (
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
        {connections.data.items.map((connection) => (
          <ConnectionCard
            key={connection.id}
            connection={connection}
            away={awayOf(connection, away.data ?? [])}
            admin={admin}
            onEdit={() => setEditing({ kind: 'one', connection })}
          />
        ))}
      </SimpleGrid>
    );
  }

  return (
    <>
      <PageHeader title={t('connections.title')} subtitle={t('connections.subtitle')} actions={add} />
      <Away connections={connections.data?.items ?? []} />
      {body()}
      {editing.kind !== 'none' && (
        <ConnectionForm connection={editing.kind === 'one' ? editing.connection : null} onClose={close} />
      )}
    </>
  );
}
