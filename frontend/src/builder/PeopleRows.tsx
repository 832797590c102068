/** The people who take turns, one in a row, each with how often. */
import { ActionIcon, Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';
import { isList, type JSONValue } from '../model/json';
import { type PersonRow, personItem, personRow } from '../model/people';
import { AdvancedValue, ValueField } from './ValueField';

const MOST = 200;
const MOST_WEIGHT = 100;

type Props = {
  readonly people: JSONValue | undefined;
  /** The field that they are written into: it knows which there are. */
  readonly column: ColumnFacts | undefined;
  readonly fresh: boolean;
  readonly onChange: (people: JSONValue, typing: boolean) => void;
};

export function PeopleRows({ people, column, fresh, onChange }: Props) {
  const { t } = useTranslation();
  const head = (
    <div>
      <Text size="sm" fw={600}>
        {t('desk.people')}
      </Text>
      <Text size="xs" c="dimmed">
        {t('desk.peopleHelp')}
      </Text>
    </div>
  );
  if (people !== undefined && !isList(people)) {
    return (
      <Stack gap="xs">
        {head}
        <AdvancedValue value={people} />
      </Stack>
    );
  }
  const rows = (people ?? []).map(personRow);
  const put = (next: readonly PersonRow[], typing = false): void => onChange(next.map(personItem), typing);
  const change = (index: number, row: Partial<PersonRow>, typing: boolean): void =>
    put(
      rows.map((one, at) => (at === index ? { ...one, ...row } : one)),
      typing,
    );
  const said = new Set(rows.map((row) => row.person));
  const missing = (column?.choices ?? []).filter((choice) => !said.has(choice));
  return (
    <Stack gap="xs">
      {head}
      {rows.map(({ person, weight }, index) => {
        const name =
          typeof person === 'string' && person !== '' ? person : t('desk.person', { place: index + 1 });
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the person is what is being edited
          <Group key={index} gap={6} wrap="nowrap" align="flex-start" data-person={index}>
            <div style={{ flex: 1, minWidth: 0 }}>
              <ValueField
                facts={column}
                value={person}
                label={t('desk.person', { place: index + 1 })}
                onChange={(next) => change(index, { person: next }, true)}
              />
            </div>
            <NumberInput
              w={70}
              flex="none"
              aria-label={t('desk.weight', { person: name })}
              title={t('desk.weightHelp')}
              min={1}
              max={MOST_WEIGHT}
              allowDecimal={false}
              value={typeof weight === 'number' ? weight : ''}
              disabled={typeof weight !== 'number'}
              onChange={(typed) => {
                const whole = Number(typed);
                if (Number.isInteger(whole) && whole >= 1 && whole <= MOST_WEIGHT)
                  change(index, { weight: whole }, true);
              }}
            />
            <ActionIcon
              mt={1}
              aria-label={t('desk.remove', { person: name })}
              onClick={() => put(rows.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        );
      })}
      <Group gap="xs">
        <Button
          size="compact-md"
          variant="light"
          leftSection={<IconPlus size={15} />}
          disabled={rows.length >= MOST}
          autoFocus={fresh && rows.length === 0}
          onClick={() => put([...rows, { person: '', weight: 1 }])}
        >
          {t('desk.addPerson')}
        </Button>
        {missing.length > 0 && (
          <Button
            size="compact-md"
            variant="default"
            onClick={() =>
              put([
                ...rows.filter((row) => row.person !== '' && row.person !== null),
                ...missing.map((choice) => ({ person: choice, weight: 1 })),
              ])
            }
          >
            {t('desk.addKnown', { field: column?.label ?? '' })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
