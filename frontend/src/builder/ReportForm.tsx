/** A report: its title and format, which rows go into it, in which columns, by whose clock. */
import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import { nodeIn } from '../canvas/board';
import { type JSONObject, objectAt, textAt } from '../model/json';
import { useRoom } from './context';
import { Place } from './Place';
import { Preview } from './Preview';
import { ReportColumns } from './ReportColumns';
import { ReportRows, rowsPath } from './ReportRows';
import { useOpened } from './store';
import { type FieldsProps, TextField } from './TextField';
import { useSoughtRoom } from './useSoughtRoom';
import { useZone, ZoneChoice } from './ZoneChoice';

const FORMATS = ['xlsx', 'csv', 'pdf'] as const;

/** The table that the rows are of, where that is known: its own search's, or that of the step that found them. */
function usePlace(fields: JSONObject): { connection: string; table: string } {
  const { subject } = useRoom();
  const opened = useOpened();
  const step = /^steps\.([^.]+)\.output\.records$/.exec(rowsPath(fields['rows']) ?? '')?.[1];
  const finder = step === undefined ? undefined : nodeIn(opened, step);
  if (!('where' in fields) && finder === undefined) return { connection: '', table: '' };
  const from = finder === undefined ? fields : objectAt(finder, 'fields');
  return {
    connection: textAt(from, 'connection') || subject.connection,
    table: 'table' in from ? textAt(from, 'table') : subject.table,
  };
}

export default function ReportForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set, node } = props;
  const here = useZone();
  const place = usePlace(fields);
  const connections = useConnections();
  const connectionId = connections.data?.items.find((one) => one.name === place.connection)?.id ?? null;
  const found = useSoughtRoom(connectionId, place.table);
  const format = textAt(fields, 'format') || 'xlsx';
  return (
    <Stack gap="md">
      <TextField
        {...props}
        field="title"
        autoFocus={props.fresh}
        placeholder={t('reports.form.titlePlaceholder', { open: '{{' })}
      />
      <Place at="fields/format">
        <Text size="sm" fw={600} mb={4} id={`${node.id}-format`}>
          {t('builder.do.make_report.format')}
        </Text>
        <SegmentedControl
          aria-labelledby={`${node.id}-format`}
          fullWidth
          data={FORMATS.map((one) => ({ value: one, label: t(`reports.form.format.${one}`) }))}
          value={format}
          onChange={(chosen) => set('format', chosen)}
        />
        <Text size="xs" c="dimmed" mt={4}>
          {t(`reports.form.about.${format}`)}
        </Text>
      </Place>
      <ReportRows {...props} found={found} place={place} />
      <ReportColumns {...props} known={found.columns} />
      <Place at="fields/zone">
        <ZoneChoice
          apart
          zone={textAt(fields, 'zone') || (fields['zone'] === undefined ? 'UTC' : here)}
          onChange={(zone) => set('zone', zone === 'UTC' ? undefined : zone)}
        />
      </Place>
      <Text size="xs" c="dimmed">
        {t('reports.form.kept')}
      </Text>
      <Preview node={node} />
    </Stack>
  );
}
