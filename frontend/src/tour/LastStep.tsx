/** The end of the tour: one press makes a real change, and the run appears as it happens. */
import { Button, Loader, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type MadeChange, useDemoChange } from '../api/tour';
import { useProblemText } from '../ui/States';
import classes from './tour.module.css';

const LEADS = 'public.leads';
/** How long a change may take to become a run before the tour says why it may not have. */
const PATIENCE_MS = 6_000;

interface Props {
  ruleId: number;
  connectionId: number | null;
  table: string;
  events: readonly string[];
}

export function LastStep({ ruleId, connectionId, table, events }: Props) {
  const { t } = useTranslation();
  const change = useDemoChange();
  const words = useProblemText();
  const [made, setMade] = useState<MadeChange | null>(null);
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!made) return;
    setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [made]);
  if (table !== LEADS) return <Text size="sm">{t('tour.run.other')}</Text>;
  const created = events.includes('insert') && !events.includes('update');
  const name = made ? `${made.record_label} (#${made.record_key})` : '';
  const press = () => change.mutate(created ? 'new_lead' : 'callback', { onSuccess: setMade });
  return (
    <>
      {made && (
        <Text size="sm" role="status">
          {t(created ? 'tour.run.wrote' : 'tour.run.asked', { name })}
        </Text>
      )}
      {made && !late && (
        <Text size="sm" c="dimmed" className={classes.waiting}>
          <Loader size={14} aria-hidden />
          {t('tour.run.waiting')}
        </Text>
      )}
      {made && late && (
        <Text size="sm">
          {t('tour.run.quiet')}{' '}
          {connectionId !== null && (
            <Link
              to="/data"
              search={{ connection: connectionId, table: LEADS, record: made.key, rule: ruleId }}
              className={classes.link}
            >
              {t('tour.run.why')}
            </Link>
          )}
        </Text>
      )}
      {change.isError && (
        <Text size="sm" c="error" role="alert">
          {words(change.error)}
        </Text>
      )}
      {(!made || late) && (
        <Button
          size="sm"
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={change.isPending}
          onClick={press}
        >
          {t(made ? 'tour.run.again' : created ? 'tour.run.write' : 'tour.run.ask')}
        </Button>
      )}
    </>
  );
}
