/** The drawer of one calendar: read first where it is there, then the form. */
import { Drawer } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCalendar } from '../../api/calendars';
import type { CalendarDetail, CalendarInput } from '../../api/types';
import { LoadError, LoadingRows } from '../../ui/States';
import { useFocusBack } from '../../ui/useFocusBack';
import { CalendarForm } from './CalendarForm';
import { draftOf } from './draft';

type Props = {
  /** Null for one that is made. */
  readonly id: number | null;
  /** What a new one begins with. */
  readonly fresh: CalendarInput;
  readonly onClose: () => void;
};

export function CalendarEditor({ id, fresh, onClose }: Props) {
  const { t } = useTranslation();
  useFocusBack();
  const read = useCalendar(id);
  // The form begins with what was read anew, once: reading again (another window, a refused save) takes no edit away.
  const [begun, setBegun] = useState<CalendarDetail | null>(null);
  if (begun === null && read.data !== undefined && !read.isFetching) setBegun(read.data);
  return (
    <Drawer
      opened
      onClose={onClose}
      size={640}
      closeOnClickOutside={false}
      title={t(id === null ? 'calendars.form.new' : 'calendars.form.edit')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {id === null ? (
        <CalendarForm id={null} etag="" before={fresh} onClose={onClose} />
      ) : begun !== null ? (
        <CalendarForm id={id} etag={begun.etag} before={draftOf(begun)} onClose={onClose} />
      ) : read.isError ? (
        <LoadError title={t('calendars.error')} error={read.error} onRetry={() => void read.refetch()} />
      ) : (
        <LoadingRows />
      )}
    </Drawer>
  );
}
