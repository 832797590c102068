/** What queued a call: the rule and its run. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Call } from '../api/calls';
import classes from './Calls.module.css';

export function Origin({ call }: { call: Call }) {
  const { t } = useTranslation();
  const name = call.rule_name ?? t('calls.noRule');
  if (call.run_id === null) return <span>{name}</span>;
  return (
    <Link to="/runs/$runId" params={{ runId: String(call.run_id) }} className={classes.origin} title={name}>
      {name}
    </Link>
  );
}
