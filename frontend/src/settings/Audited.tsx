/** What a line of the audit log names, in the reader's words; the log itself keeps `rule:7`. */
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

const PHONES = 'phones';
const KINDS = [
  'rule',
  'run',
  'connection',
  'account',
  'key',
  'retry',
  'table',
  'watch',
  'calendar',
  'call',
  'phone',
] as const;

/** A rule and a run lead to their own pages. */
export function Subject({ subject }: { subject: string }) {
  const { t } = useTranslation();
  if (subject === PHONES) return t('audited.phones');
  const colon = subject.indexOf(':');
  const kind = KINDS.find((one) => one === subject.slice(0, colon));
  if (kind === undefined) return subject;
  const id = subject.slice(colon + 1);
  const words = t(`audited.of.${kind}`, { id });
  if (kind === 'rule' || kind === 'run') {
    return (
      <Anchor component={Link} to={`/${kind}s/${id}`} size="sm" underline="hover">
        {words}
      </Anchor>
    );
  }
  return words;
}
