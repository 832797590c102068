/** What starts the rule: a change of a record, a calendar, or somebody pressing Run. */
import { Select, Stack, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import { objectAt, textsAt } from '../model/json';
import { withStart } from '../model/once';
import type { Rule, RuleNode } from '../model/rule';
import { dropStartChange } from '../model/start';
import { ChangeForm } from './ChangeForm';
import { useRoom } from './context';
import { DateForm } from './DateForm';
import { HookForm } from './HookForm';
import { Place } from './Place';
import { PolicyForm } from './PolicyForm';
import { ScheduleForm } from './ScheduleForm';
import { kindOf, STARTS, startNode } from './startKinds';
import { changeNode, put, ruleOf, useBuilderStore } from './store';
import { TableChoice } from './TableChoice';

export function StartForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const connections = useConnections();
  const databases = (connections.data?.items ?? []).filter((one) => one.kind === 'postgres');
  const choices = databases.map((one) => ({ id: one.id, value: one.name, label: one.label || one.name }));
  const kind = kindOf(node);

  const become = (start: RuleNode, first: (rule: Rule) => Rule = (rule) => rule): void => {
    const rule = ruleOf(store.getState().history.present);
    if (rule) put(store, withStart(first(rule), start));
    else changeNode(store, node.id, () => start);
  };
  const choose = (chosen: string | null): void => {
    const next = STARTS.find((one) => one === chosen);
    const first = databases[0]?.name ?? '';
    const favourite = subject.columns.find((column) => column.name === 'status') ?? subject.columns[0];
    if (!next || next === kind) return;
    const columns = textsAt(node, 'columns');
    const start = startNode(node, next, columns.length > 0 || !favourite ? columns : [favourite.name], first);
    become(start, dropStartChange);
  };

  const visits = node['table'] !== undefined;
  const visit = (on: boolean): void => {
    const { connection: _, table: __, ...old } = node;
    become(on ? { ...old, connection: databases[0]?.name ?? '', table: '' } : old);
  };

  return (
    <Stack gap="md">
      <Select
        data-tour="start"
        label={t('builder.start.question')}
        data={STARTS.map((one) => ({ value: one, label: t(`builder.start.kind.${one}`) }))}
        value={kind}
        maxDropdownHeight={320}
        onChange={choose}
      />
      {kind === 'schedule' ? (
        <>
          <Place at="schedule">
            <ScheduleForm
              schedule={objectAt(node, 'schedule')}
              onChange={(schedule, key) => changeNode(store, node.id, (old) => ({ ...old, schedule }), key)}
            />
          </Place>
          <Switch
            label={t('schedule.visits')}
            description={t('schedule.visitsHelp')}
            checked={visits}
            onChange={(event) => visit(event.currentTarget.checked)}
          />
          {visits && <TableChoice node={node} connections={choices} optional={false} />}
        </>
      ) : kind === 'webhook' ? (
        <HookForm node={node} />
      ) : (
        <TableChoice node={node} connections={choices} optional={kind === 'manual'} />
      )}
      {kind === 'date' && <DateForm node={node} />}
      {kind === 'field' && <ChangeForm node={node} />}
      {kind === 'manual' && (
        <Text size="sm" c="dimmed">
          {t('builder.start.manualExplain')}
        </Text>
      )}
      <PolicyForm />
    </Stack>
  );
}
