/** A search: where it looks, which records, in what order, how many, and what they come to. */
import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import { textAt } from '../model/json';
import { CountInput } from '../ui/CountInput';
import { useRoom } from './context';
import { FindColumns, FindOrder } from './FindOrder';
import { FindTotals } from './FindTotals';
import { FindPlace, FindWhere } from './FindWhere';
import { keptBy, USUALLY_KEPT } from './findKept';
import { Place } from './Place';
import type { FieldsProps } from './TextField';
import { useSoughtRoom } from './useSoughtRoom';

const MOST = 1000;

export default function FindForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set, node } = props;
  const { subject } = useRoom();
  const connections = useConnections();
  const databases = (connections.data?.items ?? []).filter((one) => one.kind === 'postgres');
  const name = textAt(fields, 'connection') || subject.connection;
  const connectionId = databases.find((one) => one.name === name)?.id ?? null;
  const table = 'table' in fields ? textAt(fields, 'table') : subject.table;
  const many = textAt(node, 'do') === 'find_records';
  const found = useSoughtRoom(connectionId, table);
  const { columns } = found;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t(many ? 'finding.explainMany' : 'finding.explainOne')}
      </Text>
      <FindPlace {...props} databases={databases} name={name} connectionId={connectionId} table={table} />
      {table !== '' && (
        <>
          <FindWhere {...props} found={found} />
          <FindOrder {...props} columns={columns} many={many} />
          {many && (
            <Place at="fields/limit">
              <CountInput
                label={t('builder.do.find_records.limit')}
                description={t('finding.limitAbout')}
                max={MOST}
                value={keptBy(fields)}
                onChange={(typed) => set('limit', typed === USUALLY_KEPT ? undefined : typed, true)}
              />
            </Place>
          )}
          {many && <FindTotals {...props} columns={columns} />}
          <FindColumns {...props} columns={columns} />
        </>
      )}
      <Text size="xs" c="dimmed">
        {t(many ? 'finding.givesMany' : 'finding.givesOne')}
      </Text>
    </Stack>
  );
}
