import { ActionIcon, Button, Group, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys, useRemoveKey } from '../api/people';
import type { ApiKey } from '../api/types';
import { Confirm } from '../ui/Confirm';
import { More } from '../ui/More';
import cards from '../ui/phoneCards.module.css';
import { RelativeTime } from '../ui/RelativeTime';
import { Empty, LoadError, LoadingRows, useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';
import { AddKey } from './AddKey';

export function KeysTab() {
  const { t } = useTranslation();
  const words = useProblemText();
  const keys = useKeys();
  const remove = useRemoveKey();
  const [adding, form] = useDisclosure(false);
  const [asked, setAsked] = useState<ApiKey | null>(null);
  if (keys.data === undefined) {
    if (!keys.isError) return <LoadingRows />;
    return (
      <LoadError title={t('settings.keys.error')} error={keys.error} onRetry={() => void keys.refetch()} />
    );
  }
  const items = keys.data.pages.flatMap((page) => page.items);
  const takeAway = (key: ApiKey) =>
    remove.mutate(key.id, {
      onSuccess: () => toastDone(t('settings.keys.removed', { name: key.name })),
      onError: (error) => toastError(words(error)),
      onSettled: () => setAsked(null),
    });
  return (
    <>
      <Group justify="space-between" mb="sm" gap="md">
        <Text size="sm" c="dimmed" maw={560}>
          {t('settings.keys.hint')}
        </Text>
        <Button leftSection={<IconPlus size={17} />} onClick={form.open}>
          {t('settings.keys.add')}
        </Button>
      </Group>
      {items.length === 0 ? (
        <Empty icon={<IconKey size={24} />} title={t('settings.keys.empty.title')}>
          {t('settings.keys.empty.body')}
        </Empty>
      ) : (
        <Table className={cards.cards ?? ''}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('settings.keys.column.name')}</Table.Th>
              <Table.Th w={140}>{t('settings.keys.column.role')}</Table.Th>
              <Table.Th w={150}>{t('settings.keys.column.made')}</Table.Th>
              <Table.Th w={150}>{t('settings.keys.column.used')}</Table.Th>
              <Table.Th w={90}>{t('settings.keys.column.menu')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((key) => (
              <Table.Tr key={key.id}>
                <Table.Td>
                  <Text size="sm" fw={600}>
                    {key.name}
                  </Text>
                  <Text size="xs" c="dimmed" ff="monospace">
                    ry_{key.prefix}_…
                  </Text>
                </Table.Td>
                <Table.Td data-label={t('settings.keys.column.role')}>{t(`ui.role.${key.role}`)}</Table.Td>
                <Table.Td data-label={t('settings.keys.column.made')}>
                  <RelativeTime at={key.created_at} />
                </Table.Td>
                <Table.Td data-label={t('settings.keys.column.used')}>
                  {key.last_used_at === null ? (
                    t('settings.keys.never')
                  ) : (
                    <RelativeTime at={key.last_used_at} />
                  )}
                </Table.Td>
                <Table.Td>
                  <ActionIcon
                    aria-label={t('settings.keys.remove', { name: key.name })}
                    onClick={() => setAsked(key)}
                  >
                    <IconTrash size={17} />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <More of={keys} />
      {adding && <AddKey onClose={form.close} />}
      <Confirm
        opened={asked !== null}
        title={t('settings.keys.removing.title', { name: asked?.name ?? '' })}
        confirm={t('settings.keys.removing.confirm')}
        danger
        busy={remove.isPending}
        onConfirm={() => asked !== null && takeAway(asked)}
        onClose={() => setAsked(null)}
      >
        {t('settings.keys.removing.body')}
      </Confirm>
    </>
  );
}
