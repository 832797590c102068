/** What all records that match come to: sums, averages, the smallest, the largest, how many have a value. */
import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';
import { columnsFor, freeTotal, TOTALS, type Total, totalsLogic, totalsOf } from '../model/finding';
import { pointerTo } from '../model/fix';
import classes from './condition.module.css';
import { NameInput } from './NameInput';
import { Place } from './Place';
import type { FieldsProps } from './TextField';

type Props = FieldsProps & { readonly columns: readonly ColumnFacts[] };

export function FindTotals({ fields, set, columns }: Props) {
  const { t } = useTranslation();
  const totals = totalsOf(fields);
  const put = (next: readonly Total[], typing = false): void => set('totals', totalsLogic(next), typing);
  const change = (index: number, to: Partial<Total>, typing = false): void =>
    put(
      totals.map((one, at) => (at === index ? { ...one, ...to } : one)),
      typing,
    );
  const numbers = columnsFor('sum', columns);
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {t('builder.do.find_records.totals')}
      </Text>
      {totals.map((total, index) => {
        const offered = columnsFor(total.kind, columns);
        const known = offered.some((one) => one.name === total.column);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a total has no other name than the one that is typed
          <div key={index} className={classes.setRow} data-total={total.name}>
            <Place at={`fields/totals${pointerTo(total.name)}`}>
              <Group gap={6} wrap="nowrap" mb={6}>
                <NameInput
                  label={t('finding.totalName')}
                  value={total.name}
                  maxLength={60}
                  onName={(typed) => {
                    const name = typed.replace(/\./g, '');
                    const free = name !== '' && !totals.some((one, at) => at !== index && one.name === name);
                    if (free) change(index, { name }, true);
                    return free;
                  }}
                />
                <ActionIcon
                  aria-label={t('finding.removeTotal', { name: total.name })}
                  onClick={() => put(totals.filter((_, at) => at !== index))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
              <Group gap={6} wrap="nowrap">
                <Select
                  flex={1}
                  aria-label={t('finding.totalKind')}
                  data={TOTALS.map((one) => ({ value: one, label: t(`finding.total.${one}`) }))}
                  value={total.kind === '' ? null : total.kind}
                  allowDeselect={false}
                  onChange={(chosen) => {
                    const kind = TOTALS.find((one) => one === chosen);
                    if (kind) change(index, { kind });
                  }}
                />
                <Select
                  flex={1}
                  searchable
                  aria-label={t('builder.form.field')}
                  placeholder={t('builder.form.chooseField')}
                  data={[
                    ...offered.map((one) => ({ value: one.name, label: one.label })),
                    ...(known || total.column === '' ? [] : [{ value: total.column, label: total.column }]),
                  ]}
                  value={total.column === '' ? null : total.column}
                  onChange={(column) => column !== null && change(index, { column })}
                />
              </Group>
            </Place>
          </div>
        );
      })}
      <Button
        size="compact-md"
        variant="light"
        w="fit-content"
        leftSection={<IconPlus size={15} />}
        onClick={() =>
          put([
            ...totals,
            {
              name: freeTotal(totals, t('finding.totalStart')),
              kind: numbers.length > 0 ? 'sum' : 'count',
              column: (numbers[0] ?? columns[0])?.name ?? '',
            },
          ])
        }
      >
        {t('finding.addTotal')}
      </Button>
    </Stack>
  );
}
