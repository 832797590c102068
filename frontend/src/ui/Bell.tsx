import { Button, Group, Popover, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useNotifications, useReadNotifications } from '../api/notifications';
import type { Notification } from '../api/types';
import { faultText } from '../i18n/faultText';
import bell from './Bell.module.css';
import { More } from './More';
import classes from './Navigation.module.css';
import { RelativeTime } from './RelativeTime';
import { usePhone } from './usePhone';

/** What Ruleyard itself tells comes with a code, and is told in the reader's language. */
function wordsOf(note: Notification, t: TFunction): { title: string; body: string } {
  const told = note.told;
  if (told === null) return note;
  const rule = String(told.args?.['rule'] ?? '');
  if (told.code === 'table-changed') return { title: t('drift.title', { rule }), body: faultText(told, t) };
  if (told.code.startsWith('rule-looped')) {
    return { title: t('cascade.paused.told', { rule }), body: faultText(told, t) };
  }
  if (told.code === 'rule-undecided') {
    return { title: t('ui.undecided', { rule }), body: faultText(told, t) };
  }
  if (told.code === 'caught-up')
    return { title: t('review.catchUp.told', { rule }), body: faultText(told, t) };
  if (told.code === 'approval-asked')
    return { title: String(told.args?.['question'] ?? ''), body: t('ui.bell.asked') };
  if (told.code === 'rule-holds') return { title: t('held.told', { rule }), body: faultText(told, t) };
  return note;
}

function Note({ note, onOpen }: { note: Notification; onOpen: () => void }) {
  const { t } = useTranslation();
  const { title, body } = wordsOf(note, t);
  const asked = note.told?.code === 'approval-asked';
  const rule = note.run_id === null && note.told !== null ? note.rule_id : null;
  const inside = (
    <>
      <span className={bell.title}>{title}</span>
      {body !== '' && <span className={bell.body}>{body}</span>}
      <span className={bell.body}>
        <RelativeTime at={note.created_at} />
      </span>
    </>
  );
  return (
    <li className={bell.note} data-unread={!note.read || undefined}>
      {asked ? (
        <Link to="/approvals" className={bell.link} onClick={onOpen}>
          {inside}
        </Link>
      ) : rule !== null ? (
        <Link to="/rules/$ruleId" params={{ ruleId: String(rule) }} className={bell.link} onClick={onOpen}>
          {inside}
        </Link>
      ) : note.run_id === null ? (
        <div className={bell.link}>{inside}</div>
      ) : (
        <Link
          to="/runs/$runId"
          params={{ runId: String(note.run_id) }}
          className={bell.link}
          onClick={onOpen}
        >
          {inside}
        </Link>
      )}
    </li>
  );
}

/** The bell: how many notes are unread, and the notes. */
export function Bell() {
  const { t } = useTranslation();
  const [opened, { close, toggle }] = useDisclosure(false);
  const notes = useNotifications();
  const read = useReadNotifications();
  const phone = usePhone();
  const unread = notes.data?.pages[0]?.unread ?? 0;
  const items = notes.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Popover
      opened={opened}
      onChange={close}
      position={phone ? 'bottom-end' : 'right-end'}
      width="min(380px, 100vw - 16px)"
      shadow="md"
      withinPortal
      trapFocus
    >
      <Popover.Target>
        <button
          type="button"
          className={`${classes.place} ${classes.bell}`}
          aria-label={t('ui.bell.label', { count: unread })}
          aria-expanded={opened}
          onClick={toggle}
        >
          <IconBell size={19} stroke={1.75} />
          <span className={classes.label}>{t('ui.bell.title')}</span>
          {unread > 0 && <span className={classes.badge}>{unread > 99 ? '99+' : unread}</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t('ui.bell.title')}>
        <Group justify="space-between" px="md" py="sm">
          <Text fw={600}>{t('ui.bell.title')}</Text>
          <Button
            variant="subtle"
            size="compact-sm"
            disabled={unread === 0}
            onClick={() => read.mutate({ ids: [], all: true })}
          >
            {t('ui.bell.readAll')}
          </Button>
        </Group>
        {items.length === 0 ? (
          <Text c="dimmed" size="sm" px="md" pb="lg">
            {t('ui.bell.empty')}
          </Text>
        ) : (
          <ScrollArea.Autosize
            mah="min(420px, 100dvh - 200px)"
            viewportProps={{ tabIndex: 0 }}
            styles={{ content: { minWidth: 0, width: '100%' } }}
          >
            <ul className={bell.notes}>
              {items.map((note) => (
                <Note key={note.id} note={note} onOpen={close} />
              ))}
            </ul>
            <More of={notes} />
          </ScrollArea.Autosize>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
