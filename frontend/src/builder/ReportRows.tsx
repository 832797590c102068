/** Which rows go into a report: records of a table, found when it is made, or the list that an earlier step gives. */
import { SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import { actionsBefore } from '../model/before';
import { isObject, type JSONObject, objectAt, textAt } from '../model/json';
import { CountInput } from '../ui/CountInput';
import { useRoom } from './context';
import { useFieldGroups } from './FieldSelect';
import { FindOrder } from './FindOrder';
import { FindPlace, FindWhere } from './FindWhere';
import { factsOf } from './fields';
import { keptBy } from './findKept';
import { Place } from './Place';
import { changeNode, useBuilderStore, useOpened } from './store';
import type { FieldsProps } from './TextField';
import type { SoughtRoom } from './useSoughtRoom';
import { AdvancedValue } from './ValueField';

const LISTS = ['array', 'json', 'list', 'other'];
const SEARCH = ['connection', 'table', 'where', 'order', 'limit', 'columns'];
const MOST = 100_000;

/** The path that the rows are read from; "" where there is none, null where they are an expression of another kind. */
export function rowsPath(rows: FieldsProps['fields'][string] | undefined): string | null {
  if (rows === undefined || rows === null || rows === '') return '';
  const path = isObject(rows) && Object.keys(rows).length === 1 ? rows['var'] : undefined;
  return typeof path === 'string' ? path : null;
}

type Props = FieldsProps & {
  readonly fresh: boolean;
  readonly found: SoughtRoom;
  /** The table that is looked in, by its connection's name and its own. */
  readonly place: { readonly connection: string; readonly table: string };
};

export function ReportRows(props: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const { node, fields } = props;
  const searches = 'where' in fields;
  const choose = (kind: string): void => {
    if ((kind === 'table') === searches) return;
    changeNode(store, node.id, (old) => {
      const before = objectAt(old, 'fields');
      const kept = Object.entries(before).filter(([field]) => field !== 'rows' && !SEARCH.includes(field));
      const rows: JSONObject =
        kind === 'table'
          ? { connection: subject.connection, table: subject.table, where: true }
          : { rows: '' };
      return { ...old, fields: { ...Object.fromEntries(kept), ...rows } };
    });
  };
  return (
    <>
      <div>
        <Text size="sm" fw={600} mb={4} id={`${node.id}-rows`}>
          {t('builder.do.make_report.rows')}
        </Text>
        <SegmentedControl
          aria-labelledby={`${node.id}-rows`}
          fullWidth
          data={['table', 'list'].map((one) => ({ value: one, label: t(`reports.form.from.${one}`) }))}
          value={searches ? 'table' : 'list'}
          onChange={choose}
        />
      </div>
      {searches ? <FromTable {...props} /> : <FromList {...props} />}
    </>
  );
}

function FromTable(props: Props) {
  const { t } = useTranslation();
  const connections = useConnections();
  const databases = (connections.data?.items ?? []).filter((one) => one.kind === 'postgres');
  const { fields, set, found, place } = props;
  const connectionId = databases.find((one) => one.name === place.connection)?.id ?? null;
  return (
    <>
      <FindPlace
        {...props}
        databases={databases}
        name={place.connection}
        connectionId={connectionId}
        table={place.table}
      />
      {place.table !== '' && (
        <>
          <FindWhere {...props} found={found} />
          <FindOrder {...props} columns={found.columns} many />
          <Place at="fields/limit">
            <CountInput
              label={t('reports.form.limit')}
              description={t('reports.form.limitAbout')}
              max={MOST}
              value={typeof fields['limit'] === 'number' ? fields['limit'] : MOST}
              onChange={(typed) => set('limit', typed === MOST ? undefined : typed, true)}
            />
          </Place>
        </>
      )}
    </>
  );
}

function FromList({ node, fields, set }: Props) {
  const { t } = useTranslation();
  const { subject, words } = useRoom();
  const opened = useOpened();
  const groups = useFieldGroups();
  const path = rowsPath(fields['rows']);
  const label = t('reports.form.list');
  if (path === null)
    return (
      <Place at="fields/rows">
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            {label}
          </Text>
          <AdvancedValue value={fields['rows']} />
        </Stack>
      </Place>
    );
  const found = actionsBefore(opened, node.id)
    .filter((one) => textAt(one, 'do') === 'find_records')
    .map((one) => ({
      value: `steps.${one.id}.output.records`,
      most: keptBy(objectAt(one, 'fields')),
      label: t('reports.form.recordsOf', {
        table: words.table(textAt(objectAt(one, 'fields'), 'table') || subject.table),
      }),
    }));
  const others = groups.flatMap((group) =>
    group.items.filter(
      (item) =>
        LISTS.includes(factsOf(item.value, subject.tables)?.type ?? '') &&
        !found.some((one) => one.value === item.value),
    ),
  );
  const offered = [...found, ...others];
  const known = path === '' || offered.some((one) => one.value === path);
  const most = found.find((one) => one.value === path)?.most;
  const about =
    most !== undefined
      ? t('reports.form.rowsKept', { count: most })
      : t(offered.length === 0 ? 'reports.form.noLists' : 'reports.form.rowsHint');
  return (
    <Place at="fields/rows">
      <Select
        label={label}
        description={about}
        placeholder={t('reports.form.chooseRows')}
        searchable
        data={known ? offered : [...offered, { value: path, label: words.field(path) }]}
        value={path === '' ? null : path}
        onChange={(chosen) => chosen !== null && set('rows', { var: chosen })}
      />
    </Place>
  );
}
