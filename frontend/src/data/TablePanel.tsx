import { Anchor, Group, Tabs, Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { useTable } from '../api/connections';
import { useMay } from '../api/session';
import type { Connection } from '../api/types';
import { PageHeader } from '../ui/PageHeader';
import phone from '../ui/phoneTabs.module.css';
import { RelativeTime } from '../ui/RelativeTime';
import { LoadError, LoadingRows } from '../ui/States';
import { Asking } from './Asking';
import { Changes } from './Changes';
import { Fields } from './Fields';
import { Gaps } from './Gaps';
import { LogHealth } from './LogHealth';
import { NewCount } from './NewCount';
import { RecordFinder } from './RecordFinder';
import { RecordPanel } from './RecordPanel';
import { Samples } from './Samples';
import { StandsAside } from './StandsAside';
import { WatchSwitch } from './WatchSwitch';

const route = getRouteApi('/shell/data');

/** One table: its changes as they come, its fields, and a few records. */
export function TablePanel({ connection, table }: { connection: Connection; table: string }) {
  const { t } = useTranslation();
  const mayRead = useMay('editor');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const detail = useTable(connection.id, table);
  const here = { connection: connection.id, table };
  const asked = search.rule === undefined ? {} : { rule: search.rule };
  const back = (
    <Anchor component={Link} to={`/data?connection=${connection.id}`} size="sm">
      <Group gap={6} component="span">
        <IconArrowLeft size={15} />
        {t('data.back')}
      </Group>
    </Anchor>
  );
  if (detail.data === undefined) {
    return (
      <>
        {back}
        {detail.isError ? (
          <LoadError title={t('data.error')} error={detail.error} onRetry={() => void detail.refetch()} />
        ) : (
          <LoadingRows />
        )}
      </>
    );
  }
  const { data } = detail;
  if (search.record !== undefined) {
    return <RecordPanel connection={connection} table={data} record={search.record} />;
  }
  return (
    <>
      {back}
      <PageHeader
        title={data.label}
        subtitle={
          <>
            {data.name}
            {data.watched && data.last_change_at !== null && (
              <>
                {' · '}
                <Trans
                  i18nKey="data.lastChanged"
                  components={{ time: <RelativeTime at={data.last_change_at} /> }}
                />
              </>
            )}
          </>
        }
        actions={
          <Group gap="sm">
            {mayRead && (
              <RecordFinder
                connectionId={connection.id}
                table={table}
                onFind={(record) => void navigate({ search: { ...here, ...asked, record } })}
              />
            )}
            <Group gap="xs" wrap="nowrap">
              <Text size="sm">{t('data.column.watch')}</Text>
              <WatchSwitch connectionId={connection.id} table={data} />
            </Group>
          </Group>
        }
      />
      <StandsAside connectionId={connection.id} table={data} />
      <LogHealth connectionId={connection.id} table={table} />
      {search.rule !== undefined && (
        <Asking
          ruleId={search.rule}
          record={false}
          onStop={() => void navigate({ search: here, replace: true })}
        />
      )}
      <Tabs defaultValue="changes" keepMounted={false}>
        <Tabs.List mb="md" className={phone.tabs ?? ''}>
          <Tabs.Tab value="changes">{t('data.tab.changes')}</Tabs.Tab>
          <Tabs.Tab
            value="fields"
            rightSection={data.new_fields ? <NewCount count={data.new_fields} /> : undefined}
          >
            {t('data.tab.fields')}
          </Tabs.Tab>
          {mayRead && <Tabs.Tab value="records">{t('data.tab.records')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="changes">
          <Gaps connectionId={connection.id} table={table} />
          <Changes connectionId={connection.id} connectionName={connection.name} table={data} />
        </Tabs.Panel>
        <Tabs.Panel value="fields">
          <Fields connectionId={connection.id} connectionName={connection.name} table={data} />
        </Tabs.Panel>
        <Tabs.Panel value="records">
          <Samples connectionId={connection.id} table={data} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
