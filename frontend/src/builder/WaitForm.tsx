/** How long a run waits. */
import { NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { textAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { Place } from './Place';
import { changeNode, useBuilderStore } from './store';

export function WaitForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const amount = node['amount'];
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('builder.do.wait.explain')}
      </Text>
      <SimpleGrid cols={2}>
        <Place at="amount">
          <NumberInput
            label={t('builder.do.wait.amount')}
            min={1}
            max={10_000}
            value={typeof amount === 'number' ? amount : ''}
            onChange={(typed) =>
              changeNode(
                store,
                node.id,
                (old) => ({ ...old, amount: Math.round(Number(typed)) || 0 }),
                `${node.id}.amount`,
              )
            }
          />
        </Place>
        <Select
          label={t('builder.form.unit')}
          data={['seconds', 'minutes', 'hours', 'days'].map((unit) => ({
            value: unit,
            label: t(`builder.unit.${unit}`),
          }))}
          value={textAt(node, 'unit')}
          onChange={(unit) => unit !== null && changeNode(store, node.id, (old) => ({ ...old, unit }))}
        />
      </SimpleGrid>
    </Stack>
  );
}
