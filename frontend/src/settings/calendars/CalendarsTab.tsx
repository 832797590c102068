/** When people are at work: the calendars of the workspace, to look at, and for administrators to change. */
import { Button, Group, Text } from '@mantine/core';
import { IconCalendarTime, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCalendars, useRemoveCalendar } from '../../api/calendars';
import { useMay } from '../../api/session';
import type { Calendar, CalendarInput } from '../../api/types';
import { Confirm } from '../../ui/Confirm';
import { Empty, LoadError, LoadingRows, useProblemText } from '../../ui/States';
import { toastDone, toastError } from '../../ui/toast';
import { zoneHere } from '../../ui/zones';
import { CalendarCard } from './CalendarCard';
import { CalendarEditor } from './CalendarEditor';
import classes from './calendars.module.css';
import { newCalendar } from './draft';

type Edited = { readonly id: number | null; readonly fresh: CalendarInput };

export function CalendarsTab() {
  const { t } = useTranslation();
  const words = useProblemText();
  const calendars = useCalendars();
  const remove = useRemoveCalendar();
  const admin = useMay('admin');
  const [edited, setEdited] = useState<Edited | null>(null);
  const [asked, setAsked] = useState<Calendar | null>(null);
  if (calendars.data === undefined) {
    if (!calendars.isError) return <LoadingRows />;
    return (
      <LoadError
        title={t('calendars.error')}
        error={calendars.error}
        onRetry={() => void calendars.refetch()}
      />
    );
  }
  const items = calendars.data;
  const add = (name: string) =>
    setEdited({ id: null, fresh: { ...newCalendar(name, zoneHere()), default: items.length === 0 } });
  const takeAway = (calendar: Calendar) =>
    remove.mutate(calendar.id, {
      onSuccess: () => toastDone(t('calendars.removed', { name: calendar.name })),
      onError: (error) => toastError(words(error)),
      onSettled: () => setAsked(null),
    });
  return (
    <>
      {items.length === 0 ? (
        <Empty
          icon={<IconCalendarTime size={24} />}
          title={t('calendars.empty.title')}
          actions={
            admin && (
              <Button onClick={() => add(t('calendars.empty.name'))}>{t('calendars.empty.offer')}</Button>
            )
          }
        >
          {t('calendars.empty.body')}
        </Empty>
      ) : (
        <>
          <Group justify="space-between" mb="md" gap="md">
            <Text size="sm" c="dimmed" maw={640}>
              {t('calendars.hint')}
            </Text>
            {admin && (
              <Button leftSection={<IconPlus size={17} />} onClick={() => add('')}>
                {t('calendars.add')}
              </Button>
            )}
          </Group>
          <div className={classes.list}>
            {items.map((calendar) => (
              <CalendarCard
                key={calendar.id}
                calendar={calendar}
                onEdit={
                  admin ? () => setEdited({ id: calendar.id, fresh: newCalendar('', zoneHere()) }) : null
                }
                onRemove={admin ? () => setAsked(calendar) : null}
              />
            ))}
          </div>
        </>
      )}
      {edited !== null && <CalendarEditor {...edited} onClose={() => setEdited(null)} />}
      <Confirm
        opened={asked !== null}
        title={t('calendars.removing.title', { name: asked?.name ?? '' })}
        confirm={t('calendars.removing.confirm')}
        danger
        busy={remove.isPending}
        onConfirm={() => asked !== null && takeAway(asked)}
        onClose={() => setAsked(null)}
      >
        {t('calendars.removing.body')}
      </Confirm>
    </>
  );
}
