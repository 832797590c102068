/** Every published version; restoring one makes a new draft of it. */
import { ActionIcon, Button, Menu, ScrollArea, Text } from '@mantine/core';
import { IconArrowsDiff, IconHistory } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readRule, useRestoreVersion, useVersions } from '../api/builder';
import { open } from '../model/graph';
import { record } from '../model/history';
import { isObject } from '../model/json';
import { foundOf } from '../model/problems';
import { Confirm } from '../ui/Confirm';
import { Pill } from '../ui/Pill';
import { RelativeTime } from '../ui/RelativeTime';
import { toastDone } from '../ui/toast';
import { useRoom } from './context';
import { useBuilderStore } from './store';

type Props = {
  readonly ruleId: number;
  readonly count: number;
  /** Where there is little room: an icon in place of the words. */
  readonly compact: boolean;
};

export function VersionsMenu({ ruleId, count, compact }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { autosave } = useRoom();
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const versions = useVersions(ruleId, opened);
  const restore = useRestoreVersion(ruleId);

  const bring = async (number: number): Promise<void> => {
    // What is open now is saved first, so that undo can bring it back.
    await autosave.flush();
    await restore.mutateAsync(number);
    const rule = await readRule(ruleId);
    const document: unknown = rule.draft.document;
    if (!isObject(document)) return;
    const present = open(document);
    store.setState((state) => ({
      history: record(state.history, present, Date.now()),
      saved: present,
      etag: rule.draft.etag,
      save: 'saved' as const,
      editing: true,
      selected: null,
      found: foundOf(rule.problems),
      checked: document,
    }));
    setChosen(null);
    toastDone(t('builder.versions.restored', { number }));
  };

  return (
    <>
      <Menu opened={opened} onChange={setOpened} width={320} position="bottom-end" shadow="md">
        <Menu.Target>
          {compact ? (
            <ActionIcon aria-label={t('builder.versions.title')}>
              <IconHistory size={18} />
            </ActionIcon>
          ) : (
            <Button variant="default" leftSection={<IconHistory size={17} aria-hidden />}>
              {t('builder.versions.title')}
            </Button>
          )}
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconArrowsDiff size={16} aria-hidden />}
            renderRoot={(props) => (
              <Link {...props} to="/rules/$ruleId/versions" params={{ ruleId: String(ruleId) }} />
            )}
          >
            {t('builder.versions.compare')}
          </Menu.Item>
          <Menu.Divider />
          <ScrollArea.Autosize mah={380}>
            {(versions.data?.pages ?? [])
              .flatMap((page) => page.items)
              .map((version) => (
                <Menu.Item
                  key={version.id}
                  onClick={() => setChosen(version.number)}
                  rightSection={version.live ? <Pill tone="good">{t('builder.versions.live')}</Pill> : null}
                >
                  <Text size="sm" fw={600}>
                    {t('builder.versions.number', { number: version.number })}
                  </Text>
                  <Text size="xs" c="dimmed">
                    <RelativeTime at={version.published_at} />
                    {version.published_by ? ` · ${version.published_by.name}` : ''}
                  </Text>
                  {version.note !== '' && (
                    <Text size="xs" lineClamp={2}>
                      {version.note}
                    </Text>
                  )}
                </Menu.Item>
              ))}
            {versions.hasNextPage && (
              <Menu.Item
                closeMenuOnClick={false}
                disabled={versions.isFetchingNextPage}
                ta="center"
                onClick={() => void versions.fetchNextPage()}
              >
                {t('ui.more')}
              </Menu.Item>
            )}
            {count === 0 && (
              <Text size="sm" c="dimmed" p="sm">
                {t('builder.versions.none')}
              </Text>
            )}
          </ScrollArea.Autosize>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={chosen !== null}
        title={t('builder.versions.restoreTitle', { number: chosen ?? 0 })}
        confirm={t('builder.versions.restore')}
        busy={restore.isPending}
        onConfirm={() => chosen !== null && void bring(chosen)}
        onClose={() => setChosen(null)}
      >
        {t('builder.versions.restoreText')}
      </Confirm>
    </>
  );
}
