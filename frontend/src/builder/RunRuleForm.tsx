/** Running another rule: which one, and on which record or with which data. */
import { SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTableFacts } from '../api/builder';
import { useConnections } from '../api/connections';
import { useStartable } from '../api/rules';
import { pointerTo } from '../model/fix';
import { isObject, type JSONObject, objectAt, textAt, without } from '../model/json';
import { tableName } from '../model/names';
import { useRoom } from './context';
import { JsonPairs } from './JsonPairs';
import { Place } from './Place';
import { changeNode, useBuilderStore } from './store';
import type { FieldsProps } from './TextField';
import { ValueField } from './ValueField';

type Startable = NonNullable<ReturnType<typeof useStartable>['data']>[number];

export function RunRuleForm(props: FieldsProps) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const startable = useStartable();
  const { node, fields } = props;
  const ref = objectAt(fields, 'rule');
  const name = textAt(ref, 'name');
  const rules = startable.data ?? [];
  const rule =
    rules.find((one) => one.id === ref['id']) ??
    (name === '' ? undefined : rules.find((one) => one.name === name));
  const choose = (id: string | null): void => {
    const chosen = rules.find((one) => String(one.id) === id);
    if (!chosen) return;
    changeNode(store, node.id, (old) => ({
      ...old,
      fields: {
        ...without(without(objectAt(old, 'fields'), 'record'), 'data'),
        rule: { id: chosen.id, name: chosen.name },
      },
    }));
  };
  return (
    <Stack gap="md">
      <Place at="fields/rule">
        <Select
          label={t('builder.do.run_rule.rule')}
          placeholder={t('starting.chooseRule')}
          nothingFoundMessage={t('starting.noRules')}
          searchable
          allowDeselect={false}
          data={[
            ...(rule || name === '' ? [] : [{ value: '', label: name }]),
            ...rules.map((one) => ({
              value: String(one.id),
              label: one.on ? one.name : t('starting.isOff', { name: one.name }),
            })),
          ]}
          value={rule ? String(rule.id) : name === '' ? null : ''}
          onChange={choose}
        />
        {rule && (
          <Text size="xs" c="dimmed" mt={6}>
            {t('starting.byHand')}{' '}
            <Link to="/rules/$ruleId" params={{ ruleId: String(rule.id) }}>
              {t('starting.open')}
            </Link>
          </Text>
        )}
      </Place>
      {rule && (rule.table === null ? <WithData {...props} /> : <OnRecord {...props} rule={rule} />)}
    </Stack>
  );
}

function WithData({ fields, set }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <Place at="fields/data">
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t('starting.withData')}
        </Text>
        <JsonPairs
          label={t('builder.do.run_rule.data')}
          add={t('starting.addValue')}
          value={fields['data']}
          onChange={(data, typing) => set('data', data, typing)}
        />
      </Stack>
    </Place>
  );
}

function OnRecord({ fields, set, rule }: FieldsProps & { rule: Startable }) {
  const { t } = useTranslation();
  const { subject } = useRoom();
  const connections = useConnections();
  const table = rule.table ?? '';
  const connection = connections.data?.items.find((one) => one.name === rule.connection)?.id ?? null;
  const facts = useTableFacts(connection, table);
  const keys = (facts.data?.columns ?? []).filter((column) => column.primary_key);
  const same = rule.connection === subject.connection && table === subject.table;
  const chosen = isObject(fields['record']);
  const record = objectAt(fields, 'record');
  const put = (next: JSONObject, typing: boolean): void => set('record', next, typing);
  return (
    <Place at="fields/record">
      <Stack gap="xs">
        {same && (
          <div>
            <Text size="sm" fw={600} mb={4}>
              {t('starting.which')}
            </Text>
            <SegmentedControl
              fullWidth
              aria-label={t('starting.which')}
              data={[
                { value: 'same', label: t('starting.sameRecord') },
                { value: 'other', label: t('starting.otherRecord') },
              ]}
              value={chosen ? 'other' : 'same'}
              onChange={(which) => set('record', which === 'same' ? undefined : {})}
            />
          </div>
        )}
        {same && !chosen && (
          <Text size="sm" c="dimmed">
            {t('starting.same')}
          </Text>
        )}
        {(!same || chosen) &&
          keys.map((column) => {
            const label = t('starting.keyOf', { field: column.label, table: tableName(table) });
            return (
              <Place key={column.name} at={`fields/record${pointerTo(column.name)}`}>
                <Text size="sm" fw={600} mb={4}>
                  {label}
                </Text>
                <ValueField
                  facts={column}
                  value={record[column.name] ?? ''}
                  label={label}
                  onChange={(value) => put({ ...record, [column.name]: value }, true)}
                />
              </Place>
            );
          })}
      </Stack>
    </Place>
  );
}
