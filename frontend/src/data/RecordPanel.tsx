import { Anchor, Button, Group } from '@mantine/core';
import { IconArrowLeft, IconHistory } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useChanges } from '../api/events';
import type { Connection, TableDetail } from '../api/types';
import { PageHeader } from '../ui/PageHeader';
import { Asking } from './Asking';
import { Changes } from './Changes';
import { Gaps } from './Gaps';

const route = getRouteApi('/shell/data');

interface Props {
  connection: Connection;
  table: TableDetail;
  record: Record<string, unknown>;
}

/** The time line of one record: what was changed, by whom, what ran because of it, and why something did not. */
export function RecordPanel({ connection, table, record }: Props) {
  const { t } = useTranslation();
  const { rule } = route.useSearch();
  const navigate = route.useNavigate();
  const here = { connection: connection.id, table: table.name };
  const changes = useChanges(connection.id, table.name, record);
  const newest = changes.data?.pages[0]?.items[0];
  const name = newest?.record_key ?? Object.values(record).join('/');
  const label = newest?.record_label ?? '';
  return (
    <>
      <Anchor
        size="sm"
        renderRoot={(props) => (
          <Link {...props} to="/data" search={{ ...here, ...(rule === undefined ? {} : { rule }) }} />
        )}
      >
        <Group gap={6} component="span">
          <IconArrowLeft size={15} />
          {t('why.record.back', { table: table.label })}
        </Group>
      </Anchor>
      <PageHeader
        title={t('why.record.title', {
          table: table.label,
          record: label === '' ? `#${name}` : `${label} (#${name})`,
        })}
        subtitle={t('why.record.label')}
        actions={
          <Button
            variant="default"
            leftSection={<IconHistory size={16} aria-hidden />}
            renderRoot={(props) => <Link {...props} to="/runs" search={{ table: table.name, key: name }} />}
          >
            {t('why.record.runs')}
          </Button>
        }
      />
      {rule !== undefined && (
        <Asking
          ruleId={rule}
          record
          onStop={() => void navigate({ search: { ...here, record }, replace: true })}
        />
      )}
      <Gaps connectionId={connection.id} table={table.name} />
      <Changes connectionId={connection.id} connectionName={connection.name} table={table} record={record} />
    </>
  );
}
