import { Button, Group, Select, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAccounts, useChangePerson } from '../api/people';
import { useSession } from '../api/session';
import { type Account, ROLES } from '../api/types';
import { More } from '../ui/More';
import cards from '../ui/phoneCards.module.css';
import { LoadError, LoadingRows, useProblemText } from '../ui/States';
import { Switch } from '../ui/Switch';
import { toastError } from '../ui/toast';
import { AddPerson } from './AddPerson';

/** Who may use the product, and as what. */
export function PeopleTab() {
  const { t } = useTranslation();
  const people = useAccounts();
  const [adding, form] = useDisclosure(false);
  if (people.data === undefined) {
    if (!people.isError) return <LoadingRows />;
    return (
      <LoadError
        title={t('settings.people.error')}
        error={people.error}
        onRetry={() => void people.refetch()}
      />
    );
  }
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <Button leftSection={<IconPlus size={17} />} onClick={form.open}>
          {t('settings.people.add')}
        </Button>
      </Group>
      <Table className={cards.cards}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.people.column.name')}</Table.Th>
            <Table.Th w={200}>{t('settings.people.column.role')}</Table.Th>
            <Table.Th w={140}>{t('settings.people.column.allowed')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.data.pages
            .flatMap((page) => page.items)
            .map((person) => (
              <Person key={person.id} person={person} />
            ))}
        </Table.Tbody>
      </Table>
      <More of={people} />
      {adding && <AddPerson onClose={form.close} />}
    </>
  );
}

function Person({ person }: { person: Account }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const change = useChangePerson();
  const me = useSession().data?.account?.id === person.id;
  const onError = (error: Error) => toastError(words(error));
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600}>
          {person.name}
          {me && (
            <Text span c="dimmed" size="sm" fw={400}>
              {' '}
              ({t('settings.people.you')})
            </Text>
          )}
        </Text>
        <Text size="xs" c="dimmed">
          {person.email}
        </Text>
      </Table.Td>
      <Table.Td>
        <Select
          size="xs"
          aria-label={t('settings.people.roleOf', { name: person.name })}
          value={person.role}
          disabled={me}
          onChange={(value) => {
            const role = ROLES.find((one) => one === value);
            if (role !== undefined) change.mutate({ id: person.id, role }, { onError });
          }}
          data={ROLES.map((role) => ({ value: role, label: t(`ui.role.${role}`) }))}
        />
      </Table.Td>
      <Table.Td data-aside>
        <Switch
          on={!person.disabled}
          disabled={me || change.isPending}
          label={t('settings.people.allowedOf', { name: person.name })}
          onChange={(on) => change.mutate({ id: person.id, disabled: !on }, { onError })}
        />
      </Table.Td>
    </Table.Tr>
  );
}
