/** Asks, at saving, about days that are listed and not put into the calendar: they would be lost without a word. */
import { Button, Group } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './calendars.module.css';

type Props = {
  readonly count: number;
  readonly busy: boolean;
  readonly onPut: () => void;
  readonly onLeave: () => void;
};

export function NotPut({ count, busy, onPut, onLeave }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  // It takes the place of the button that was pressed, at the lower edge.
  useEffect(() => box.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <div ref={box} className={classes.notPut} role="alert">
      <p className={classes.notPutTitle}>{t('calendars.notPut.title', { count })}</p>
      <Group gap="xs">
        <Button size="xs" loading={busy} onClick={onPut}>
          {t('calendars.notPut.put')}
        </Button>
        <Button size="xs" variant="default" disabled={busy} onClick={onLeave}>
          {t('calendars.notPut.leave')}
        </Button>
      </Group>
    </div>
  );
}
