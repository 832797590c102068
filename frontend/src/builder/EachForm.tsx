/** Going through a list: which one, how many items at most, and what when one fails. */
import { Radio, Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { listPaths } from '../model/items';
import { isObject, type JSONValue, textAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { CountInput } from '../ui/CountInput';
import { useRoom } from './context';
import { Place } from './Place';
import { changeNode, useBuilderStore, useOpened } from './store';
import { AdvancedValue } from './ValueField';

const MOST = 1000;
const USUAL = 100;

function pathOf(over: JSONValue | undefined): string | null {
  const path = isObject(over) && Object.keys(over).length === 1 ? over['var'] : undefined;
  return typeof path === 'string' ? path : null;
}

export function EachForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const most = node['at_most'];
  const put = (key: string, value: JSONValue | undefined, typing = false): void =>
    changeNode(
      store,
      node.id,
      ({ [key]: _old, ...rest }) => ({
        ...rest,
        id: node.id,
        kind: node.kind,
        ...(value === undefined ? {} : { [key]: value }),
      }),
      typing ? `${node.id}.${key}` : undefined,
    );
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('items.explain')}
      </Text>
      <ListChoice node={node} onChange={(path) => put('over', { var: path })} />
      <Place at="at_most">
        <CountInput
          label={t('items.atMost')}
          description={t('items.atMostHelp')}
          max={MOST}
          value={typeof most === 'number' ? most : USUAL}
          onChange={(typed) => put('at_most', typed, true)}
        />
      </Place>
      <Radio.Group
        label={t('items.onError')}
        value={textAt(node, 'on_item_error') || 'go_on'}
        onChange={(then) => put('on_item_error', then === 'stop' ? then : undefined)}
      >
        <Stack gap={8} mt={8}>
          <Radio value="go_on" label={t('items.goOn')} />
          <Radio value="stop" label={t('items.stop')} />
        </Stack>
      </Radio.Group>
    </Stack>
  );
}

function ListChoice({ node, onChange }: { node: RuleNode; onChange: (path: string) => void }) {
  const { t } = useTranslation();
  const opened = useOpened();
  const { subject, words } = useRoom();
  const over = node['over'];
  const path = pathOf(over);
  const known = listPaths(opened, node.id, subject.columns);
  if (path === null && over !== undefined && over !== '') {
    return (
      <Place at="over">
        <Text size="sm" fw={600} mb={4}>
          {t('builder.do.for_each.over')}
        </Text>
        <AdvancedValue value={over} />
      </Place>
    );
  }
  const paths = path === null || known.includes(path) ? known : [path, ...known];
  return (
    <Place at="over">
      <Select
        label={t('builder.do.for_each.over')}
        description={t('items.overHelp')}
        placeholder={t('builder.problem.choose-list')}
        searchable
        allowDeselect={false}
        data={paths.map((one) => ({ value: one, label: words.field(one) }))}
        value={path}
        onChange={(chosen) => chosen !== null && onChange(chosen)}
      />
      {paths.length === 0 && (
        <Text size="sm" c="dimmed" mt={6}>
          {t('items.none')}
        </Text>
      )}
    </Place>
  );
}
