/** Asks, at saving, about days that are listed and not put into the calendar: they would be lost without a word. */
import { Alert, Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type Props = {
  readonly count: number;
  readonly busy: boolean;
  readonly onPut: () => void;
  readonly onLeave: () => void;
};

export function NotPut({ count, busy, onPut, onLeave }: Props) {
  const { t } = useTranslation();
  return (
    <Alert color="yellow" role="alert" title={t('calendars.notPut.title', { count })}>
      <Group gap="xs">
        <Button size="xs" loading={busy} onClick={onPut}>
          {t('calendars.notPut.put')}
        </Button>
        <Button size="xs" variant="default" disabled={busy} onClick={onLeave}>
          {t('calendars.notPut.leave')}
        </Button>
      </Group>
    </Alert>
  );
}
